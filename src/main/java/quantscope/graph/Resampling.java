package quantscope.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.tensor.Shape;

/**
 * How a tensor is resampled, axis by axis, as ONNX's Resize defines it. PyTorch's nearest is {@link Coordinates#ASYMMETRIC}
 * with {@link Rounding#FLOOR}; its bilinear and bicubic (a = -0.75) are {@link Coordinates#HALF_PIXEL}, or
 * {@link Coordinates#ALIGN_CORNERS} where it is told so.
 *
 * @param target         the result's shape
 * @param scales         of each axis: the result's extent by the input's before it was rounded
 * @param rounding       of nearest alone
 * @param cubicA         the cubic kernel's coefficient a
 * @param excludeOutside whether taps outside of the input lose their weight to the others; else they read the edge
 * @param antialias      whether the kernel widens where the result is smaller
 * @param crop           of {@link Coordinates#TF_CROP_AND_RESIZE} alone
 */
public record Resampling(Shape target, List<Float> scales, Mode mode, Coordinates coordinates, Rounding rounding,
                         float cubicA, boolean excludeOutside, boolean antialias, Optional<Crop> crop) {

    /** The kernel between the elements. */
    public enum Mode { NEAREST, LINEAR, CUBIC }

    /** Where a coordinate of the result lies in the input. */
    public enum Coordinates { HALF_PIXEL, HALF_PIXEL_SYMMETRIC, PYTORCH_HALF_PIXEL, ALIGN_CORNERS, ASYMMETRIC, TF_CROP_AND_RESIZE }

    /** Which neighbour is the nearest. */
    public enum Rounding { ROUND_PREFER_FLOOR, ROUND_PREFER_CEIL, FLOOR, CEIL }

    /**
     * The part of the input that is resampled.
     *
     * @param start of each axis, 0 the first element and 1 the last
     * @param end   of each axis
     * @param fill  of what lies outside of the input
     */
    public record Crop(List<Float> start, List<Float> end, float fill) {

        public Crop {
            start = List.copyOf(start);
            end = List.copyOf(end);
        }
    }

    /**
     * What one coordinate along an axis reads.
     *
     * @param at      coordinates of the input; none where it lies outside of a crop's input
     * @param weights of each
     */
    public record Taps(List<Integer> at, List<Double> weights) { }

    public Resampling {
        scales = List.copyOf(scales);
        if (scales.size() != target.rank() || scales.stream().anyMatch(s -> !(s > 0) || Float.isInfinite(s))) {
            throw new IllegalArgumentException("scales " + scales + " do not fit " + target);
        }
        if (coordinates == Coordinates.TF_CROP_AND_RESIZE && (crop.isEmpty() || crop.get().start().size() != target.rank()
                || crop.get().end().size() != target.rank())) {
            throw new IllegalArgumentException("the region of interest does not fit " + target);
        }
    }

    /** Of nothing special: edges are repeated, nothing is cropped, no antialiasing. */
    public static Resampling of(Shape target, List<Float> scales, Mode mode, Coordinates coordinates, Rounding rounding) {
        return new Resampling(target, scales, mode, coordinates, rounding, -0.75f, false, false, Optional.empty());
    }

    /** For each coordinate along an axis of the result what it reads of an input with this extent. */
    public List<Taps> taps(int axis, int extent) {
        List<Taps> all = new ArrayList<>();
        for (int i = 0; i < target.dim(axis); i++) {
            boolean still = target.dim(axis) == extent && scales.get(axis) == 1 && crop.isEmpty();
            all.add(still ? new Taps(List.of(i), List.of(1.0)) : taps(axis, extent, position(axis, extent, i)));
        }
        return all;
    }

    private double position(int axis, int extent, int i) {
        double scale = scales.get(axis);
        double length = scale * extent;
        return switch (coordinates) {
            case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
            case PYTORCH_HALF_PIXEL -> target.dim(axis) == 1 ? -0.5 : (i + 0.5) / scale - 0.5;
            case HALF_PIXEL_SYMMETRIC -> extent / 2.0 * (1 - target.dim(axis) / length) + (i + 0.5) / scale - 0.5;
            case ASYMMETRIC -> i / scale;
            case ALIGN_CORNERS -> length == 1 || target.dim(axis) == 1 ? 0 : i * (extent - 1.0) / (length - 1);
            case TF_CROP_AND_RESIZE -> {
                double start = crop.orElseThrow().start().get(axis);
                double part = crop.orElseThrow().end().get(axis) - start;
                yield target.dim(axis) == 1 ? (start + part / 2) * (extent - 1)
                        : start * (extent - 1) + i * part * (extent - 1) / (target.dim(axis) - 1);
            }
        };
    }

    private Taps taps(int axis, int extent, double x) {
        if (crop.isPresent() && (x < 0 || x > extent - 1)) {
            return new Taps(List.of(), List.of());
        }
        if (mode == Mode.NEAREST) {
            return new Taps(List.of(Math.clamp(nearest(x), 0, extent - 1)), List.of(1.0));
        }
        double narrow = antialias ? Math.min(scales.get(axis), 1) : 1;
        double reach = (mode == Mode.LINEAR ? 1 : 2) / narrow;
        List<Integer> at = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        double sum = 0;
        for (long i = (long) Math.floor(x - reach); i <= (long) Math.ceil(x + reach); i++) {
            double weight = kernel(Math.abs(i - x) * narrow);
            if (weight != 0 && !(excludeOutside && (i < 0 || i >= extent))) {
                at.add((int) Math.clamp(i, 0L, extent - 1L));
                weights.add(weight);
                sum += weight;
            }
        }
        double whole = antialias || excludeOutside ? sum : 1;
        return new Taps(at, weights.stream().map(w -> w / whole).toList());
    }

    private long nearest(double x) {
        return (long) switch (rounding) {
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND_PREFER_FLOOR -> Math.ceil(x - 0.5);
            case ROUND_PREFER_CEIL -> Math.floor(x + 0.5);
        };
    }

    /** Triangle, or Keys' cubic convolution. */
    private double kernel(double d) {
        if (mode == Mode.LINEAR) {
            return Math.max(0, 1 - d);
        }
        double a = cubicA;
        return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
    }
}
