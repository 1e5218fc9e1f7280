package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.graph.Resampling;
import quantscope.graph.Resampling.Coordinates;
import quantscope.graph.Resampling.Mode;
import quantscope.graph.Resampling.Rounding;
import quantscope.tensor.Shape;

/** Interpolation to another size (aten/src/ATen/native/UpSample.h). */
final class LowerResample implements Lowering {

    /** Of an image's height or width. */
    private static final int LARGEST = 1 << 16;

    private final Operands operands;

    LowerResample(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.upsample_nearest1d", "aten.upsample_nearest2d" -> nearest(call, 0);
            case "aten._upsample_nearest_exact1d", "aten._upsample_nearest_exact2d" -> nearest(call, 0.5f);
            case "aten.upsample_linear1d", "aten.upsample_bilinear2d" -> smooth(call, Mode.LINEAR, false);
            case "aten.upsample_bicubic2d" -> smooth(call, Mode.CUBIC, false);
            case "aten._upsample_bilinear2d_aa" -> smooth(call, Mode.LINEAR, true);
            case "aten._upsample_bicubic2d_aa" -> smooth(call, Mode.CUBIC, true);
            default -> null;
        });
    }

    private static String input(Call call) {
        return call.has("self") ? "self" : "input";
    }

    private List<Double> factors(Call call, int axes) throws ModelFormatException {
        List<Double> factors = new ArrayList<>(call.numbers("scale_factors"));
        for (String name : List.of("scales", "scales_h", "scales_w")) {
            if (call.has(name)) {
                factors.add(call.number(name, 1));
            }
        }
        return factors.size() == axes ? factors : List.of();
    }

    private Shape target(Call call, Shape shape, List<Double> factors) throws ModelFormatException {
        List<Long> size = call.integers("output_size");
        List<Integer> dims = new ArrayList<>(shape.dims());
        int axes = shape.rank() - 2;
        if (size.size() != axes && factors.size() != axes) {
            throw call.error("resizes " + shape + " to " + size);
        }
        for (int i = 0; i < axes; i++) {
            double extent = size.size() == axes ? size.get(i) : Math.floor(shape.dim(2 + i) * factors.get(i));
            if (!(extent >= 1 && extent <= LARGEST)) {
                throw call.error("resizes " + shape + " to an extent of " + extent);
            }
            dims.set(2 + i, (int) extent);
        }
        return new Shape(dims);
    }

    private Shape image(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, input(call));
        if (shape.rank() < 3 || shape.rank() > 4) {
            throw new NotSupportedException("The program resizes images and rows only, not " + shape + ".");
        }
        return shape;
    }

    /** The result's extent by the input's, which PyTorch takes from the factor where it is given one. */
    private static List<Float> scales(Shape from, Shape to, List<Double> factors) {
        List<Float> scales = new ArrayList<>(Collections.nCopies(2, 1f));
        for (int i = 2; i < from.rank(); i++) {
            scales.add(factors.isEmpty() ? (float) to.dim(i) / from.dim(i) : factors.get(i - 2).floatValue());
        }
        return scales;
    }

    private Lowered smooth(Call call, Mode mode, boolean antialias) throws ModelFormatException {
        Shape from = image(call);
        List<Double> factors = factors(call, from.rank() - 2);
        Shape to = target(call, from, factors);
        boolean corners = call.bool("align_corners", false);
        if (corners && antialias) {
            throw new NotSupportedException("The program has no antialiasing with align_corners.");
        }
        Resampling how = new Resampling(to, scales(from, to, corners ? List.of() : factors), mode,
                corners ? Coordinates.ALIGN_CORNERS : Coordinates.HALF_PIXEL, Rounding.FLOOR, antialias ? -0.5f : -0.75f,
                antialias, antialias, Optional.empty());
        return operands.layer(new Op.Upsample(how), call, input(call));
    }

    /**
     * floor((i + shift) * scale), in float32 as PyTorch has it. Where rounding makes that another element than the exact
     * quotient would, the elements are picked one by one.
     */
    private Lowered nearest(Call call, float shift) throws ModelFormatException {
        Shape from = image(call);
        List<Double> factors = factors(call, from.rank() - 2);
        Shape to = target(call, from, factors);
        Resampling how = Resampling.of(to, scales(from, to, factors), Mode.NEAREST,
                shift == 0 ? Coordinates.ASYMMETRIC : Coordinates.HALF_PIXEL,
                shift == 0 ? Rounding.FLOOR : Rounding.ROUND_PREFER_CEIL);
        boolean same = true;
        List<Rearrangement> picks = new ArrayList<>();
        for (int axis = 2; axis < from.rank(); axis++) {
            float scale = factors.isEmpty() ? (float) from.dim(axis) / to.dim(axis) : (float) (1 / factors.get(axis - 2));
            int last = from.dim(axis) - 1;
            Rearrangement pick = Slices.pick(axis, to.dim(axis), i -> Math.min((int) Math.floor((i + shift) * scale), last));
            same &= pick.equals(new Rearrangement.IndexSelect(axis,
                    how.taps(axis, from.dim(axis)).stream().map(t -> t.at().getFirst()).toList()));
            picks.add(pick);
        }
        if (same) {
            return operands.layer(new Op.Upsample(how), call, input(call));
        }
        String x = operands.node(call.tensor(input(call)));
        for (Rearrangement pick : picks.subList(0, picks.size() - 1)) {
            x = operands.step(new Op.Rearrange(pick), x);
        }
        return new Lowered.Layer(new Op.Rearrange(picks.getLast()), x);
    }
}
