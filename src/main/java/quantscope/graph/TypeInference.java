package quantscope.graph;

import java.util.List;
import quantscope.quant.QuantParams;

/** Says what kind of numbers an operator makes of its inputs, and refuses a mixture that no kernel takes. */
final class TypeInference {

    private TypeInference() { }

    static ValueType type(String name, Op op, List<Node> in) {
        return switch (op) {
            case Op.Input i -> ValueType.FLOAT32;
            case Op.Constant c -> ValueType.FLOAT32;
            case Op.Unsupported u -> ValueType.FLOAT32;
            case Op.BinaryConv2d b -> ValueType.FLOAT32;
            case Op.BinaryLinear b -> ValueType.FLOAT32;
            case Op.Relu r -> same(in);
            case Op.Clip c -> same(in);
            case Op.MaxPool2d p -> same(in);
            case Op.AvgPool2d p -> same(in);
            case Op.AdaptiveAvgPool2d p -> same(in);
            case Op.Flatten f -> same(in);
            case Op.Reshape r -> same(in);
            case Op.Dropout d -> same(in);
            case Op.Identity i -> same(in);
            case Op.Rearrange r -> same(in);
            case Op.QuantStub q -> {
                floats(name, op, in);
                yield q.params().<ValueType>map(ValueType.Int8::new).orElse(ValueType.FLOAT32);
            }
            case Op.DeQuantStub d -> ValueType.FLOAT32;
            case Op.QuantizedConv2d q -> int8(name, op, in, q.out());
            case Op.QuantizedLinear q -> int8(name, op, in, q.out());
            case Op.QuantizedBatchNorm2d q -> int8(name, op, in, q.out());
            case Op.QuantizedAdd q -> int8(name, op, in, q.out());
            case Op.QuantizedMul q -> int8(name, op, in, q.out());
            case Op.QuantizedConcat q -> int8(name, op, in, q.out());
            case Op.QuantizedLeakyRelu q -> int8(name, op, in, q.out());
            case Op.QuantizedSigmoid q -> int8(name, op, in, q.out());
            case Op.QuantizedAvgPool2d q -> int8(name, op, in, q.out());
            case Op.QuantizedGlobalAvgPool2d q -> int8(name, op, in, q.out());
            case Op.AsQuantized q -> int8(name, op, in, q.params());
            case Op.Conv2d c -> floats(name, op, in);
            case Op.Linear l -> floats(name, op, in);
            case Op.BatchNorm2d b -> floats(name, op, in);
            case Op.LeakyRelu l -> floats(name, op, in);
            case Op.Sigmoid s -> floats(name, op, in);
            case Op.Sign s -> floats(name, op, in);
            case Op.Add a -> floats(name, op, in);
            case Op.Mul m -> floats(name, op, in);
            case Op.LocalResponseNorm l -> floats(name, op, in);
            case Op.Softmax s -> floats(name, op, in);
            case Op.LogSoftmax s -> floats(name, op, in);
            case Op.Concat c -> floats(name, op, in);
            case Op.Pointwise p -> floats(name, op, in);
            case Op.Pairwise p -> floats(name, op, in);
            case Op.Where w -> floats(name, op, in);
            case Op.Reduce r -> floats(name, op, in);
            case Op.MatMul m -> floats(name, op, in);
            case Op.Upsample u -> floats(name, op, in);
            case Op.ConvTranspose2d c -> floats(name, op, in);
            case Op.GroupNorm g -> floats(name, op, in);
            case Op.LayerNorm l -> floats(name, op, in);
            case Op.LPPool2d p -> floats(name, op, in);
        };
    }

    private static ValueType same(List<Node> in) {
        return in.getFirst().type();
    }

    private static ValueType floats(String name, Op op, List<Node> in) {
        for (Node node : in) {
            if (!(node.type() instanceof ValueType.Float32)) {
                throw new InvalidGraphException(name, op.kind() + " takes fp32, but " + node.name() + " is int8");
            }
        }
        return ValueType.FLOAT32;
    }

    private static ValueType int8(String name, Op op, List<Node> in, QuantParams.PerTensor out) {
        for (Node node : in) {
            if (!(node.type() instanceof ValueType.Int8)) {
                throw new InvalidGraphException(name, op.kind() + " takes int8, but " + node.name() + " is fp32");
            }
        }
        return new ValueType.Int8(out);
    }
}
