package quantscope.format.fold;

import java.util.Arrays;
import java.util.stream.IntStream;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Reductions over axes. Sums and means accumulate in double and are rounded to float32 once; frameworks that sum in
 * float32 in blocks differ from that by a unit in the last place.
 */
public final class Reducing {

    /** What becomes of the reduced elements; L1 is the sum of absolute values, L2 the root of the sum of squares. */
    public enum Kind { SUM, MEAN, MAX, MIN, PROD, L1, L2 }

    private Reducing() { }

    /**
     * @param axes     to reduce, negative from the end; none: all
     * @param keepDims whether reduced axes stay with extent 1
     * @throws FoldException when an axis is outside, or there is nothing to reduce
     */
    public static Known reduce(Kind kind, Known x, boolean keepDims, long... axes) {
        Shape shape = x.shape();
        boolean[] reduced = new boolean[shape.rank()];
        Arrays.fill(reduced, axes.length == 0);
        for (long axis : axes) {
            reduced[Extents.axis(axis, shape.rank())] = true;
        }
        if (shape.elements() == 0) {
            throw new FoldException("cannot reduce the empty " + shape);
        }
        int[] kept = shape.toArray();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = reduced[i] ? 1 : kept[i];
        }
        Shape outShape = Shape.of(kept);
        Walk target = Walk.broadcast(outShape, shape);
        double[] sums = new double[outShape.size()];
        Arrays.fill(sums, start(kind));
        float[] in = x.floats().data();
        for (int i = 0; i < in.length; i++) {
            int at = target.next();
            sums[at] = add(kind, sums[at], in[i]);
        }
        int count = in.length / sums.length;
        float[] out = new float[sums.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) switch (kind) {
                case MEAN -> sums[i] / count;
                case L2 -> Math.sqrt(sums[i]);
                case SUM, MAX, MIN, PROD, L1 -> sums[i];
            };
        }
        Known result = Known.of(new FloatTensor(outShape, out));
        if (x instanceof Known.Longs && kind != Kind.MEAN && kind != Kind.L2) {
            result = result.longs();
        }
        return keepDims ? result : drop(result, reduced);
    }

    private static Known drop(Known x, boolean[] reduced) {
        int[] dims = IntStream.range(0, reduced.length).filter(i -> !reduced[i])
                .map(i -> x.shape().dim(i)).toArray();
        return x.reshaped(Shape.of(dims));
    }

    private static double start(Kind kind) {
        return switch (kind) {
            case SUM, MEAN, L1, L2 -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static double add(Kind kind, double sum, float x) {
        return switch (kind) {
            case SUM, MEAN -> sum + x;
            case L1 -> sum + Math.abs(x);
            case L2 -> sum + (double) x * x;
            case PROD -> sum * x;
            case MAX -> Math.max(sum, x);
            case MIN -> Math.min(sum, x);
        };
    }
}
