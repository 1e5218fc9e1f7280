package quantscope.ptq;

import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;

/** Which layers PyTorch's eager mode can compute in int8, and who decides about the parameters of their output. */
public enum Int8Support {
    /** A kernel whose output has parameters of its own, so it is observed. */
    OWN_PARAMETERS,
    /** Moves or compares values; its output keeps its input's parameters. */
    KEEPS_PARAMETERS,
    /** No int8 kernel: the layer stays fp32. */
    NONE;

    /** What a layer of a graph that was not quantized yet can do. */
    public static Int8Support of(Node node) {
        return isInt8(node) ? NONE : switch (node.op()) {
            case Op.Conv2d c -> OWN_PARAMETERS;
            case Op.Linear l -> OWN_PARAMETERS;
            case Op.Add a -> OWN_PARAMETERS;
            case Op.Mul m -> OWN_PARAMETERS;
            case Op.Concat c -> OWN_PARAMETERS;
            case Op.LeakyRelu l -> OWN_PARAMETERS;
            case Op.Sigmoid s -> OWN_PARAMETERS;
            // There is a quantized BatchNorm2d but no quantized BatchNorm1d.
            case Op.BatchNorm2d b -> isImage(node) ? OWN_PARAMETERS : NONE;
            case Op.Relu r -> KEEPS_PARAMETERS;
            case Op.Clip c -> KEEPS_PARAMETERS;
            case Op.MaxPool2d p -> KEEPS_PARAMETERS;
            case Op.AvgPool2d p -> KEEPS_PARAMETERS;
            case Op.AdaptiveAvgPool2d p -> KEEPS_PARAMETERS;
            case Op.Flatten f -> KEEPS_PARAMETERS;
            case Op.Reshape r -> KEEPS_PARAMETERS;
            case Op.Dropout d -> KEEPS_PARAMETERS;
            case Op.Identity i -> KEEPS_PARAMETERS;
            case Op.Input i -> NONE;
            case Op.Constant c -> NONE;
            case Op.BinaryConv2d b -> NONE;
            case Op.BinaryLinear b -> NONE;
            case Op.Sign s -> NONE;
            case Op.LocalResponseNorm l -> NONE;
            case Op.Softmax s -> NONE;
            case Op.LogSoftmax s -> NONE;
            case Op.Unsupported u -> NONE;
            case Op.Pointwise p -> NONE;
            case Op.Pairwise p -> NONE;
            case Op.Where w -> NONE;
            case Op.Reduce r -> NONE;
            case Op.MatMul m -> NONE;
            case Op.Rearrange r -> NONE;
            case Op.Upsample u -> NONE;
            case Op.ConvTranspose2d c -> NONE;
            case Op.GroupNorm g -> NONE;
            case Op.LayerNorm l -> NONE;
            case Op.LPPool2d p -> NONE;
            case Op.QuantStub q -> NONE;
            case Op.DeQuantStub d -> NONE;
            case Op.QuantizedConv2d q -> NONE;
            case Op.QuantizedLinear q -> NONE;
            case Op.QuantizedBatchNorm2d q -> NONE;
            case Op.QuantizedAdd q -> NONE;
            case Op.QuantizedMul q -> NONE;
            case Op.QuantizedConcat q -> NONE;
            case Op.QuantizedLeakyRelu q -> NONE;
            case Op.QuantizedSigmoid q -> NONE;
            case Op.QuantizedAvgPool2d q -> NONE;
            case Op.QuantizedGlobalAvgPool2d q -> NONE;
            case Op.AsQuantized q -> NONE;
        };
    }

    /** Whether a layer of a model file is int8 there already, so that there is nothing to choose. */
    public static boolean isInt8(Node node) {
        return node.type() instanceof ValueType.Int8;
    }

    /** Whether a layer's weights and inputs are signs. A binary layer chosen as int8 is computed as sign -> int8. */
    public static boolean isBinary(Node node) {
        return node.op() instanceof Op.BinaryConv2d || node.op() instanceof Op.BinaryLinear;
    }

    /** Whether a layer multiplies with a weight matrix: what binary, int8 and fp32 are chosen for. */
    public static boolean isWeighted(Node node) {
        return isBinary(node) || node.op() instanceof Op.Conv2d || node.op() instanceof Op.Linear;
    }

    /** Whether a value is [N,C,H,W]; behind an unsupported operator it is taken to be. */
    static boolean isImage(Node node) {
        return node.shape().map(s -> s.rank() == 4).orElse(true);
    }
}
