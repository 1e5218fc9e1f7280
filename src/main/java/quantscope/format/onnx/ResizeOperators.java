package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.graph.Op;
import quantscope.graph.Resampling;
import quantscope.tensor.Shape;

/** Resize, and the Upsample that it replaced in operator set 10. */
final class ResizeOperators {

    private static final float LARGEST_SCALE = 1 << 16;

    private ResizeOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Resize", ResizeOperators::resize);
        operators.put("Upsample", ResizeOperators::upsample);
    }

    private static void upsample(Call call) throws NotSupportedException, ModelFormatException {
        float[] scales = call.has(1) ? call.known(1, "scales").floats().data() : scalesAttribute(call);
        emit(call, scales, new long[0], Resampling.Coordinates.ASYMMETRIC, Resampling.Rounding.FLOOR, Optional.empty());
    }

    private static float[] scalesAttribute(Call call) throws ModelFormatException {
        List<Float> list = call.attributes().find("scales").orElseThrow(() -> call.error("has no scales")).floats();
        float[] scales = new float[list.size()];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = list.get(i);
        }
        return scales;
    }

    private static void resize(Call call) throws NotSupportedException, ModelFormatException {
        if (call.opset() < 11) {
            upsample(call);
            return;
        }
        Resampling.Coordinates coordinates = switch (call.attributes().text("coordinate_transformation_mode", "half_pixel")) {
            case "half_pixel" -> Resampling.Coordinates.HALF_PIXEL;
            case "half_pixel_symmetric" -> Resampling.Coordinates.HALF_PIXEL_SYMMETRIC;
            case "pytorch_half_pixel" -> Resampling.Coordinates.PYTORCH_HALF_PIXEL;
            case "align_corners" -> Resampling.Coordinates.ALIGN_CORNERS;
            case "asymmetric" -> Resampling.Coordinates.ASYMMETRIC;
            case "tf_crop_and_resize" -> Resampling.Coordinates.TF_CROP_AND_RESIZE;
            default -> throw new NotSupportedException("its coordinate_transformation_mode "
                    + call.attributes().text("coordinate_transformation_mode", "") + " is not known");
        };
        Resampling.Rounding rounding = switch (call.attributes().text("nearest_mode", "round_prefer_floor")) {
            case "round_prefer_floor" -> Resampling.Rounding.ROUND_PREFER_FLOOR;
            case "round_prefer_ceil" -> Resampling.Rounding.ROUND_PREFER_CEIL;
            case "floor" -> Resampling.Rounding.FLOOR;
            case "ceil" -> Resampling.Rounding.CEIL;
            default -> throw call.error("nearest_mode is " + call.attributes().text("nearest_mode", ""));
        };
        boolean sizes = call.has(3) && call.known(3, "sizes").shape().elements() > 0;
        float[] scales = !sizes && call.has(2) ? call.known(2, "scales").floats().data() : new float[0];
        boolean crops = coordinates == Resampling.Coordinates.TF_CROP_AND_RESIZE;
        Optional<float[]> region = crops ? Optional.of(call.known(1, "region of interest").floats().data()) : Optional.empty();
        emit(call, scales, sizes ? call.known(3, "sizes").longs().data() : new long[0], coordinates, rounding, region);
    }

    private static void emit(Call call, float[] scales, long[] sizes, Resampling.Coordinates coordinates,
                             Resampling.Rounding rounding, Optional<float[]> region)
            throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int rank = shape.rank();
        int[] axes = axes(call, rank);
        if ((sizes.length > 0 ? sizes.length : scales.length) != axes.length) {
            throw call.error("scales " + Arrays.toString(scales) + " or sizes " + Arrays.toString(sizes) + " do not fit " + shape);
        }
        List<Float> by = new ArrayList<>(Collections.nCopies(rank, 1f));
        List<Integer> target = new ArrayList<>(shape.dims());
        float kept = kept(call, sizes, axes, shape);
        for (int i = 0; i < axes.length; i++) {
            int extent = shape.dim(axes[i]);
            boolean batch = axes[i] == 0 && sizes.length > 0 && sizes[i] == call.batch();
            float scale = sizes.length == 0 ? scales[i] : batch ? 1 : kept > 0 ? kept : (float) sizes[i] / extent;
            if (!(scale > 0) || scale > LARGEST_SCALE) {
                throw call.error("scale " + scale + ", expected a positive number of at most " + LARGEST_SCALE);
            }
            by.set(axes[i], scale);
            double length = (double) extent * scale;
            target.set(axes[i], Math.toIntExact(batch ? 1 : sizes.length == 0 ? (long) Math.floor((float) length)
                    : kept > 0 ? (long) Math.floor(length + 0.5) : sizes[i]));
        }
        if (!call.oneImage() && (by.getFirst() != 1 || target.getFirst() != 1)) {
            throw NotSupportedException.mixing("it resamples along the batch");
        }
        if (target.contains(0)) {
            throw new NotSupportedException("nothing of " + shape + " is left");
        }
        call.emit(new Op.Upsample(new Resampling(new Shape(target), by, mode(call), coordinates, rounding,
                call.attributes().number("cubic_coeff_a", -0.75f), call.attributes().integer("exclude_outside", 0) != 0,
                call.attributes().integer("antialias", 0) != 0,
                region.map(r -> crop(call, r, axes, rank)))), call.source(0));
    }

    private static Resampling.Mode mode(Call call) throws NotSupportedException {
        String mode = call.attributes().text("mode", "nearest");
        return switch (mode) {
            case "nearest" -> Resampling.Mode.NEAREST;
            case "linear", "bilinear" -> Resampling.Mode.LINEAR;
            case "cubic" -> Resampling.Mode.CUBIC;
            default -> throw new NotSupportedException("its mode " + mode + " is not known");
        };
    }

    /** One scale for all axes where the aspect ratio is kept, else 0. */
    private static float kept(Call call, long[] sizes, int[] axes, Shape shape) {
        String policy = call.attributes().text("keep_aspect_ratio_policy", "stretch");
        if (sizes.length == 0 || policy.equals("stretch")) {
            return 0;
        }
        double[] scales = IntStream.range(0, axes.length).mapToDouble(i -> (double) sizes[i] / shape.dim(axes[i])).toArray();
        return (float) (policy.equals("not_larger") ? Arrays.stream(scales).min() : Arrays.stream(scales).max()).orElse(0);
    }

    private static int[] axes(Call call, int rank) {
        long[] given = call.attributes().integers("axes", IntStream.range(0, rank).asLongStream().toArray());
        int[] axes = new int[given.length];
        for (int i = 0; i < axes.length; i++) {
            long axis = given[i] < 0 ? given[i] + rank : given[i];
            if (axis < 0 || axis >= rank) {
                throw new FoldException("axes " + Arrays.toString(given) + " are not all inside of rank " + rank);
            }
            axes[i] = (int) axis;
        }
        return axes;
    }

    private static Resampling.Crop crop(Call call, float[] region, int[] axes, int rank) {
        if (region.length != 2 * axes.length) {
            throw new FoldException("the region of interest has " + region.length + " numbers, expected " + 2 * axes.length);
        }
        List<Float> start = new ArrayList<>(Collections.nCopies(rank, 0f));
        List<Float> end = new ArrayList<>(Collections.nCopies(rank, 1f));
        for (int i = 0; i < axes.length; i++) {
            start.set(axes[i], region[i]);
            end.set(axes[i], region[i + axes.length]);
        }
        return new Resampling.Crop(start, end, call.attributes().number("extrapolation_value", 0));
    }
}
