package quantscope.figure;

import quantscope.graph.Op;

/** What a layer is to the user, judged by its operator alone. */
public final class Layers {

    private Layers() { }

    /** Whether it has a weight to quantize and look into. */
    public static boolean weighted(Op op) {
        return op instanceof Op.Conv2d || op instanceof Op.Linear || binary(op)
                || op instanceof Op.QuantizedConv2d || op instanceof Op.QuantizedLinear;
    }

    public static boolean binary(Op op) {
        return op instanceof Op.BinaryConv2d || op instanceof Op.BinaryLinear;
    }

    public static boolean stub(Op op) {
        return op instanceof Op.QuantStub || op instanceof Op.DeQuantStub;
    }
}
