package quantscope.kernel;

/**
 * The largest level that an int8 value can have, whatever the image: a clip bounds it, as ReLU6 does, and what only moves
 * levels keeps the bound. Everything that quantizes may give 255.
 */
public final class LevelBound {

    public static final int NONE = 255;

    /**
     * So many values' fp32 sum is off by less than half a level at 255: each addition rounds by 2^-24 of it at most. A mean
     * of more equal levels may come out above them.
     */
    private static final int EXACT_MEAN = 1 << 15;

    private LevelBound() { }

    /** @param inputs the inputs' bounds; of fp32 values they say nothing */
    public static int of(KernelSpec spec, int... inputs) {
        return switch (spec) {
            case KernelSpec.Int8Map s -> largest(s.table(), inputs[0]);
            case KernelSpec.Int8MaxPool _ -> inputs[0];
            case KernelSpec.RealAvgPool s -> s.scale() == s.outScale() && s.zeroPoint() == s.outZeroPoint()
                    && (long) s.shape().kernelH() * s.shape().kernelW() <= EXACT_MEAN
                    ? Math.max(inputs[0], s.zeroPoint()) : NONE;
            case KernelSpec.ScaledAvgPool s -> s.scale() == s.outScale() && s.zeroPoint() == s.outZeroPoint()
                    ? Math.max(inputs[0], s.zeroPoint()) : NONE;
            case KernelSpec.Int8AvgPool s -> Math.max(inputs[0], s.zeroPoint());
            case KernelSpec.Int8AdaptiveAvgPool s -> Math.max(inputs[0], s.zeroPoint());
            case KernelSpec.Reorder s -> s.int8() ? inputs[0] : NONE;
            case KernelSpec.Gather s -> s.int8() ? Math.max(inputs[0], (int) s.fill()) : NONE;
            case KernelSpec.Int8Concat s -> concat(s, inputs);
            case KernelSpec.Pointwise _, KernelSpec.Pairwise _, KernelSpec.Select _, KernelSpec.LpPool _,
                    KernelSpec.Normalize _, KernelSpec.Reduce _, KernelSpec.MatMul _, KernelSpec.TransposedConv _,
                    KernelSpec.WeightedBlocks _, KernelSpec.Conv _, KernelSpec.Int8Conv _, KernelSpec.SaturatedInt8Conv _,
                    KernelSpec.BinaryConv _, KernelSpec.Rows _,
                    KernelSpec.Quantize _, KernelSpec.DividingQuantize _, KernelSpec.Int8Pairs _,
                    KernelSpec.Dequantize _, KernelSpec.Unary _, KernelSpec.Binary _,
                    KernelSpec.Int8Add _, KernelSpec.Int8Mul _, KernelSpec.BatchNorm _, KernelSpec.Int8BatchNorm _,
                    KernelSpec.Int8ChannelMap _,
                    KernelSpec.MaxPool _, KernelSpec.BitMaxPool _, KernelSpec.AvgPool _, KernelSpec.AdaptiveAvgPool _,
                    KernelSpec.LocalResponseNorm _, KernelSpec.Softmax _, KernelSpec.Concat _ -> NONE;
        };
    }

    /** The same work for an input with a bound, where that makes a difference. */
    public static KernelSpec bounded(KernelSpec spec, int input) {
        return switch (spec) {
            case KernelSpec.Int8Conv s -> bounded(s, input);
            case KernelSpec.SaturatedInt8Conv s -> new KernelSpec.SaturatedInt8Conv(bounded(s.exact(), input),
                    s.weightZeroPoint());
            case KernelSpec.Rows s -> new KernelSpec.Rows(s.rows(), s.inStride(), s.outStride(), bounded(s.inner(), input));
            default -> spec;
        };
    }

    private static KernelSpec.Int8Conv bounded(KernelSpec.Int8Conv s, int input) {
        return new KernelSpec.Int8Conv(s.shape(), s.inputZeroPoint(), Math.max(input, s.inputZeroPoint()), s.weight(),
                s.requantize());
    }

    private static int concat(KernelSpec.Int8Concat spec, int[] inputs) {
        int largest = 0;
        for (int i = 0; i < inputs.length; i++) {
            for (byte[] table : spec.tables()[i]) {
                largest = Math.max(largest, largest(table, inputs[i]));
            }
        }
        return largest;
    }

    private static int largest(byte[] table, int input) {
        int largest = 0;
        for (int q = 0; q <= input; q++) {
            largest = Math.max(largest, table[q] & 0xff);
        }
        return largest;
    }
}
