package quantscope.run;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Requantize;

/**
 * What a layer with weights is packed of, equal to another where all parameters and weights are. The same array needs no
 * look at its elements; else weights are compared, as int8 ones are made anew whenever a graph is lowered, and that is far
 * less work than packing them.
 */
final class LayerContent {

    /** Weights that the hash is made of. */
    private static final int LOOKS = 64;
    /** Bytes of an int8 layer for each weight: 16 bits of the spec, 8 or 16 packed; of images, Winograd's points beside. */
    private static final int LINEAR_BYTES = 4;
    private static final int IMAGE_BYTES = 12;

    private final KernelSpec spec;
    private final int hash;

    private LayerContent(KernelSpec spec) {
        this.spec = spec;
        this.hash = hash(spec);
    }

    /** @return empty for what has no weights, or is none of the layers */
    static Optional<LayerContent> of(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Conv _, KernelSpec.Int8Conv _, KernelSpec.SaturatedInt8Conv _, KernelSpec.BinaryConv _ ->
                    Optional.of(new LayerContent(spec));
            case KernelSpec.Rows s -> of(s.inner()).map(_ -> new LayerContent(s));
            default -> Optional.empty();
        };
    }

    KernelSpec spec() {
        return spec;
    }

    /** What a kernel of it holds, about. */
    long bytes() {
        return bytes(spec);
    }

    private static long bytes(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Conv s -> (long) Float.BYTES * s.weight().length;
            case KernelSpec.BinaryConv s -> (long) Float.BYTES * s.weight().length;
            case KernelSpec.Int8Conv s -> (s.shape().outPlane() == 1 ? LINEAR_BYTES : (long) IMAGE_BYTES) * s.weight().length;
            case KernelSpec.SaturatedInt8Conv s -> bytes(s.exact());
            case KernelSpec.Rows s -> bytes(s.inner());
            default -> throw noLayer(spec);
        };
    }

    private static int hash(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Conv s -> Objects.hash(s.shape(), Arrays.hashCode(s.bias()), some(s.weight()));
            case KernelSpec.BinaryConv s -> Objects.hash(s.shape(), s.source(), Arrays.hashCode(s.alpha()), some(s.weight()));
            case KernelSpec.Int8Conv s -> Objects.hash(s.shape(), s.inputZeroPoint(), s.largestLevel(),
                    Arrays.hashCode(s.requantize().multiplier()), some(s.weight().length, i -> s.weight()[i]));
            case KernelSpec.SaturatedInt8Conv s -> hash(s.exact()) + 1;
            case KernelSpec.Rows s -> Objects.hash(s.rows(), s.inStride(), s.outStride(), hash(s.inner()));
            default -> throw noLayer(spec);
        };
    }

    private static int some(float[] weight) {
        return some(weight.length, i -> Float.floatToIntBits(weight[i]));
    }

    private static int some(int length, IntUnaryOperator weight) {
        int hash = length;
        for (int i = 0; i < LOOKS && length > 0; i++) {
            hash = 31 * hash + weight.applyAsInt((int) ((long) length * i / LOOKS));
        }
        return hash;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerContent c && hash == c.hash && same(spec, c.spec);
    }

    /** Taken apart by patterns, so that a parameter that comes later cannot be forgotten. */
    private static boolean same(KernelSpec one, KernelSpec two) {
        return switch (one) {
            case KernelSpec.Conv(var shape, var weight, var bias) -> two instanceof KernelSpec.Conv b
                    && shape.equals(b.shape()) && Arrays.equals(bias, b.bias()) && Arrays.equals(weight, b.weight());
            case KernelSpec.BinaryConv(var shape, var source, var weight, var alpha, var bias) ->
                    two instanceof KernelSpec.BinaryConv b && shape.equals(b.shape()) && source.equals(b.source())
                            && Arrays.equals(alpha, b.alpha()) && Arrays.equals(bias, b.bias())
                            && Arrays.equals(weight, b.weight());
            case KernelSpec.Int8Conv(var shape, var zeroPoint, var largest, var weight, var requantize) ->
                    two instanceof KernelSpec.Int8Conv b && shape.equals(b.shape()) && zeroPoint == b.inputZeroPoint()
                            && largest == b.largestLevel() && same(requantize, b.requantize())
                            && Arrays.equals(weight, b.weight());
            case KernelSpec.SaturatedInt8Conv(var exact, var weightZeroPoint) ->
                    two instanceof KernelSpec.SaturatedInt8Conv b && Arrays.equals(weightZeroPoint, b.weightZeroPoint())
                            && same(exact, b.exact());
            case KernelSpec.Rows(var rows, var inStride, var outStride, var inner) -> two instanceof KernelSpec.Rows b
                    && rows == b.rows() && inStride == b.inStride() && outStride == b.outStride() && same(inner, b.inner());
            default -> throw noLayer(one);
        };
    }

    private static boolean same(Requantize one, Requantize b) {
        return one instanceof Requantize(var offset, var bias, var multiplier, var zeroPoint, var low)
                && zeroPoint == b.zeroPoint() && low == b.low() && Arrays.equals(offset, b.offset())
                && Arrays.equals(bias, b.bias()) && Arrays.equals(multiplier, b.multiplier());
    }

    private static IllegalStateException noLayer(KernelSpec spec) {
        return new IllegalStateException(spec.getClass().getSimpleName() + " has no weights");
    }
}
