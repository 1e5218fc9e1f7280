package quantscope.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.Resampling;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * What resampling and pooling of sums do, as a product with a matrix along each axis that changes: the form for what a
 * framework has no operator for.
 *
 * @param matrices axis -> [out,in]: how much of each coordinate of the input a coordinate of the result takes; in the axes' order
 * @param added    to the result, in its shape
 */
public record AxisMatrices(Map<Integer, FloatTensor> matrices, Optional<FloatTensor> added) {

    public AxisMatrices {
        matrices = java.util.Collections.unmodifiableMap(new TreeMap<>(matrices));
    }

    public static AxisMatrices of(Resampling how, Shape in) {
        Map<Integer, FloatTensor> all = new TreeMap<>();
        for (int axis = 0; axis < in.rank(); axis++) {
            List<Resampling.Taps> taps = how.taps(axis, in.dim(axis));
            double[][] matrix = new double[taps.size()][in.dim(axis)];
            for (int i = 0; i < matrix.length; i++) {
                for (int k = 0; k < taps.get(i).at().size(); k++) {
                    matrix[i][taps.get(i).at().get(k)] += taps.get(i).weights().get(k);
                }
            }
            put(all, axis, matrix);
        }
        return new AxisMatrices(all, fill(how, in));
    }

    /** Means of [N,C,H,W] over windows, padded zeros among the elements where they count. */
    public static AxisMatrices of(Op.AvgPool2d op, Shape in, Shape out) {
        return windows(op.geometry(), in, out, (inside, padded) -> 1.0 / (op.countIncludePad() ? padded : inside));
    }

    /** Sums of [N,C,H,W] over windows; the padding adds nothing. */
    public static AxisMatrices sums(PoolGeometry geometry, Shape in, Shape out) {
        return windows(geometry, in, out, (inside, padded) -> 1);
    }

    /** Means over windows from floor(i*in/out) to ceil((i+1)*in/out). */
    public static AxisMatrices adaptive(Shape in, Shape out) {
        Map<Integer, FloatTensor> all = new TreeMap<>();
        for (int axis = 2; axis < 4; axis++) {
            long from = in.dim(axis);
            long to = out.dim(axis);
            double[][] matrix = new double[out.dim(axis)][in.dim(axis)];
            for (int i = 0; i < matrix.length; i++) {
                int begin = (int) (i * from / to);
                int end = (int) (((i + 1) * from + to - 1) / to);
                java.util.Arrays.fill(matrix[i], begin, end, 1.0 / (end - begin));
            }
            put(all, axis, matrix);
        }
        return new AxisMatrices(all, Optional.empty());
    }

    /** What each element of a window counts for. */
    @FunctionalInterface
    private interface Share {
        double of(int inside, int padded);
    }

    private static AxisMatrices windows(PoolGeometry g, Shape in, Shape out, Share share) {
        Map<Integer, FloatTensor> all = new TreeMap<>();
        put(all, 2, window(in.dim(2), out.dim(2), g.kernelH(), g.dilationH(), g.padTop(), g.padBottom(),
                i -> i * g.strideH(), share));
        put(all, 3, window(in.dim(3), out.dim(3), g.kernelW(), g.dilationW(), g.padLeft(), g.padRight(),
                i -> i * g.strideW(), share));
        return new AxisMatrices(all, Optional.empty());
    }

    private static double[][] window(int in, int out, int kernel, int dilation, int before, int after, IntUnaryOperator start,
            Share share) {
        double[][] matrix = new double[out][in];
        for (int i = 0; i < out; i++) {
            List<Integer> inside = new ArrayList<>();
            int padded = 0;
            for (int k = 0; k < kernel; k++) {
                int at = start.applyAsInt(i) - before + k * dilation;
                padded += at < in + after ? 1 : 0;
                if (at >= 0 && at < in) {
                    inside.add(at);
                }
            }
            for (int at : inside) {
                matrix[i][at] = share.of(inside.size(), padded);
            }
        }
        return matrix;
    }

    private static void put(Map<Integer, FloatTensor> all, int axis, double[][] matrix) {
        int columns = matrix[0].length;
        float[] data = new float[Math.multiplyExact(matrix.length, columns)];
        boolean same = matrix.length == columns;
        for (int i = 0; i < matrix.length; i++) {
            for (int k = 0; k < columns; k++) {
                data[i * columns + k] = (float) matrix[i][k];
                same &= matrix[i][k] == (i == k ? 1 : 0);
            }
        }
        if (!same) {
            all.put(axis, new FloatTensor(Shape.of(matrix.length, columns), data));
        }
    }

    /** What a crop puts where it reaches beyond the input, where the matrices leave zeros. */
    private static Optional<FloatTensor> fill(Resampling how, Shape in) {
        float value = how.crop().map(Resampling.Crop::fill).orElse(0f);
        if (value == 0) {
            return Optional.empty();
        }
        List<List<Resampling.Taps>> taps = new ArrayList<>();
        for (int axis = 0; axis < in.rank(); axis++) {
            taps.add(how.taps(axis, in.dim(axis)));
        }
        FloatTensor fill = FloatTensor.zeros(how.target());
        for (int i = 0; i < fill.data().length; i++) {
            int rest = i;
            for (int axis = in.rank() - 1; axis >= 0; axis--) {
                if (taps.get(axis).get(rest % how.target().dim(axis)).at().isEmpty()) {
                    fill.data()[i] = value;
                }
                rest /= how.target().dim(axis);
            }
        }
        return Optional.of(fill);
    }
}
