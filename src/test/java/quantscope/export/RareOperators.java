package quantscope.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.PoolGeometry;
import quantscope.graph.Rearrangement;
import quantscope.graph.Reduction;
import quantscope.graph.Resampling;
import quantscope.graph.Resampling.Coordinates;
import quantscope.graph.Resampling.Mode;
import quantscope.graph.Resampling.Rounding;
import quantscope.ptq.Nets;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Operators with parameters that one framework or both have no operator for, each on the same image, joined. */
final class RareOperators {

    private static final Shape X = Shape.of(1, 3, 12, 12);

    private final Nets nets = new Nets("rare", 3, X);
    private final List<String> parts = new ArrayList<>();

    private RareOperators() { }

    static Graph graph() {
        RareOperators rare = new RareOperators();
        rare.nets.of("slope", new Op.Constant(rare.nets.tensor(Shape.of(1, 3, 1, 1))));
        rare.resampling();
        rare.pooling();
        rare.movement();
        rare.functions();
        rare.norms();
        return rare.nets.of("all", new Op.Concat(1), rare.parts.toArray(String[]::new)).build();
    }

    private void add(Op op, String... inputs) {
        String name = op.kind().toLowerCase(java.util.Locale.ROOT) + parts.size();
        nets.of(name, op, inputs.length == 0 ? new String[] {"x"} : inputs);
        nets.of(name + ".flat", new Op.Flatten(1), name);
        parts.add(name + ".flat");
    }

    private void resampling() {
        resample(17, 9, Mode.NEAREST, Coordinates.HALF_PIXEL, Rounding.ROUND_PREFER_FLOOR, -0.75f, false, false, Optional.empty());
        resample(7, 16, Mode.NEAREST, Coordinates.ASYMMETRIC, Rounding.CEIL, -0.75f, false, false, Optional.empty());
        resample(15, 7, Mode.LINEAR, Coordinates.HALF_PIXEL_SYMMETRIC, Rounding.FLOOR, -0.75f, false, false, Optional.empty());
        resample(15, 20, Mode.CUBIC, Coordinates.HALF_PIXEL, Rounding.FLOOR, -0.5f, true, false, Optional.empty());
        resample(5, 8, Mode.LINEAR, Coordinates.HALF_PIXEL, Rounding.FLOOR, -0.75f, false, true, Optional.empty());
        resample(6, 6, Mode.LINEAR, Coordinates.TF_CROP_AND_RESIZE, Rounding.FLOOR, -0.75f, false, false, Optional.of(
                new Resampling.Crop(List.of(0f, 0f, 0.3f, 0.5f), List.of(1f, 1f, 1.2f, 0.9f), 2.5f)));
    }

    private void resample(int height, int width, Mode mode, Coordinates coordinates, Rounding rounding, float a, boolean exclude,
            boolean antialias, Optional<Resampling.Crop> crop) {
        add(new Op.Upsample(new Resampling(Shape.of(1, 3, height, width), List.of(1f, 1f, height / 12f, width / 12f), mode,
                coordinates, rounding, a, exclude, antialias, crop)));
    }

    private void pooling() {
        PoolGeometry dilated = new PoolGeometry(3, 2, 2, 1, 1, 0, 1, 0, 2, 3, false);
        PoolGeometry uneven = new PoolGeometry(3, 3, 2, 2, 0, 1, 1, 2, 1, 1, true);
        add(new Op.AvgPool2d(dilated, true));
        add(new Op.AvgPool2d(dilated, false));
        add(new Op.AvgPool2d(new PoolGeometry(3, 3, 2, 2, 0, 1, 1, 2, 1, 1, false), false));
        add(new Op.AvgPool2d(new PoolGeometry(3, 3, 2, 2, 0, 1, 1, 2, 1, 1, false), true));
        add(new Op.MaxPool2d(uneven));
        add(new Op.LPPool2d(3, uneven));
        add(new Op.LPPool2d(2, dilated));
        add(new Op.AdaptiveAvgPool2d(5, 7));
        add(new Op.ConvTranspose2d(nets.tensor(Shape.of(3, 2, 3, 4)), Optional.of(nets.tensor(Shape.of(2))),
                new ConvGeometry(2, 3, 1, 2, 0, 1, 1, 1, 1), 0, 1));
    }

    private void movement() {
        add(new Op.Rearrange(new Rearrangement.Pad(List.of(0, 0, 14, 1), List.of(0, 0, 0, 2), Rearrangement.PadMode.REFLECT, 0)));
        add(new Op.Rearrange(new Rearrangement.Pad(List.of(0, 1, 0, 0), List.of(0, 2, 1, -1), Rearrangement.PadMode.REPLICATE, 0)));
        add(new Op.Rearrange(new Rearrangement.Pad(List.of(0, 0, 2, 0), List.of(0, 0, 3, 1), Rearrangement.PadMode.CIRCULAR, 0)));
        add(new Op.Rearrange(new Rearrangement.Pad(List.of(0, 1, 0, -2), List.of(0, 0, 3, 1), Rearrangement.PadMode.CONSTANT, 1.5f)));
        add(new Op.Rearrange(new Rearrangement.Slice(List.of(0, 2, 11, 1), List.of(1, 3, 4, 5), List.of(1, -1, -3, 2))));
        add(new Op.Rearrange(new Rearrangement.IndexSelect(2, List.of(3, 3, 0, 11))));
        add(new Op.Rearrange(new Rearrangement.Tile(List.of(1, 2, 1, 3))));
    }

    private void functions() {
        pointwise(PointwiseFunction.SHRINK, 0.3f, 0.2f);
        pointwise(PointwiseFunction.SELU, 1.2f, 0.8f);
        pointwise(PointwiseFunction.SILU, 1.7f, 0);
        pointwise(PointwiseFunction.HARDSIGMOID, 0.2f, 0.5f);
        pointwise(PointwiseFunction.THRESHOLD, 0.4f, 0);
        pointwise(PointwiseFunction.NOT, 0, 0);
        pointwise(PointwiseFunction.ISINF, 1, 0);
        pointwise(PointwiseFunction.ISNAN, 0, 0);
        for (PairFunction function : PairFunction.values()) {
            if (function != PairFunction.POW) {
                add(new Op.Pairwise(function), "x", "slope");
            }
        }
        add(new Op.Where(), "slope", "x", "slope");
        nets.of("rest", new Op.Reduce(Reduction.SUM_SQUARE, List.of(), true), "x");
        for (Reduction reduction : Reduction.values()) {
            add(new Op.Reduce(reduction, List.of(2, 3), true), "rest");
            add(new Op.Reduce(reduction, List.of(1, 3), false), "rest");
            add(new Op.Reduce(reduction, List.of(), true), "rest");
        }
    }

    private void pointwise(PointwiseFunction function, float a, float b) {
        add(new Op.Pointwise(function, a, b));
    }

    private void norms() {
        FloatTensor three = nets.tensor(Shape.of(3));
        add(new Op.GroupNorm(1, three, nets.tensor(Shape.of(3)), 1e-4f));
        add(new Op.LayerNorm(2, nets.tensor(Shape.of(12, 12)), nets.tensor(Shape.of(12, 12)), 1e-4f, false));
        add(new Op.LayerNorm(3, nets.tensor(Shape.of(12)), nets.tensor(Shape.of(12)), 1e-4f, true));
    }
}
