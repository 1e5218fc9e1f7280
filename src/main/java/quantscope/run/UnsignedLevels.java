package quantscope.run;

import java.util.Optional;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.quant.Profile;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

/**
 * Levels lie in memory as 0..255. Signed ones, -128..127, are 128 more there, and so is their zero point: differences of both,
 * which is all that int8 arithmetic knows of, stay the same.
 */
final class UnsignedLevels {

    private static final int SHIFT = 128;

    private UnsignedLevels() { }

    /**
     * The same node of levels as they lie in memory.
     *
     * @throws UnsupportedOperatorException where levels are signed, but the backend knows unsigned activations only
     */
    static Node of(Node node, Profile profile) {
        if (!(node.type() instanceof ValueType.Int8 t) || t.params().dtype() == QuantDtype.QUINT8) {
            return node;
        }
        if (!profile.onnxRuntime()) {
            throw new UnsupportedOperatorException(node.name() + ": activations are " + t.params().dtype()
                    + ", but PyTorch's kernels take QUINT8; choose an activation observer of that type, or the profile "
                    + Profile.ONNXRUNTIME.id());
        }
        QuantParams.PerTensor params = of(t.params());
        return new Node(node.name(), of(node.op(), params), node.inputs(), node.shape(), new ValueType.Int8(params),
                node.origin());
    }

    private static Op of(Op op, QuantParams.PerTensor out) {
        return switch (op) {
            case Op.QuantStub _ -> new Op.QuantStub(Optional.of(out));
            case Op.QuantizedConv2d q -> new Op.QuantizedConv2d(q.weight(), q.bias(), q.geometry(), q.relu(), out);
            case Op.QuantizedLinear q -> new Op.QuantizedLinear(q.weight(), q.bias(), q.relu(), out);
            case Op.QuantizedBatchNorm2d q -> new Op.QuantizedBatchNorm2d(q.weight(), q.bias(), q.mean(), q.variance(), q.eps(),
                    out);
            case Op.QuantizedAdd q -> new Op.QuantizedAdd(q.relu(), out);
            case Op.QuantizedMul _ -> new Op.QuantizedMul(out);
            case Op.QuantizedConcat q -> new Op.QuantizedConcat(q.axis(), out);
            case Op.QuantizedLeakyRelu q -> new Op.QuantizedLeakyRelu(q.negativeSlope(), out);
            case Op.QuantizedSigmoid _ -> new Op.QuantizedSigmoid(out);
            case Op.QuantizedAvgPool2d q -> new Op.QuantizedAvgPool2d(q.geometry(), q.countIncludePad(), out);
            case Op.QuantizedGlobalAvgPool2d _ -> new Op.QuantizedGlobalAvgPool2d(out);
            case Op.AsQuantized _ -> new Op.AsQuantized(out);
            // The others keep their input's parameters.
            default -> op;
        };
    }

    private static QuantParams.PerTensor of(QuantParams.PerTensor params) {
        return new QuantParams.PerTensor(QuantDtype.QUINT8, params.scale(), params.zeroPoint() + SHIFT);
    }

    /** Levels from the memory as a tensor of their own type has them; changes the array where they are signed. */
    static byte[] toTensor(byte[] levels, QuantParams.PerTensor params) {
        if (params.dtype() == QuantDtype.QINT8) {
            for (int i = 0; i < levels.length; i++) {
                levels[i] -= SHIFT;
            }
        }
        return levels;
    }
}
