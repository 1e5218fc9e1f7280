package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Rearrangement;
import quantscope.graph.Reduction;
import quantscope.graph.Resampling;
import quantscope.tensor.Shape;

/** What is written for layers without a module; what it computes the frameworks' tests say. */
class ExpressionsTest {

    private static final Shape X = Shape.of(1, 8, 6, 5);

    private static String moved(Rearrangement how) {
        return Movements.rearrange(how, X, "x");
    }

    @Test
    void slicesLeaveOutWhatIsWhole() {
        assertEquals("x[:, 4:]", moved(new Rearrangement.Slice(List.of(0, 4, 0, 0), List.of(1, 4, 6, 5), List.of(1, 1, 1, 1))));
        assertEquals("x[:, 1:6:2, :, :2]", moved(new Rearrangement.Slice(List.of(0, 1, 0, 0), List.of(1, 3, 6, 2), List.of(1, 2, 1, 1))));
    }

    @Test
    void whatIsReadBackwardIsFlipped() {
        assertEquals("x.flip([3])", moved(new Rearrangement.Slice(List.of(0, 0, 0, 4), List.of(1, 8, 6, 5), List.of(1, 1, 1, -1))));
        assertEquals("x[:, :, 1:4:2].flip([2])", moved(new Rearrangement.Slice(List.of(0, 0, 3, 0), List.of(1, 8, 2, 5),
                List.of(1, 1, -2, 1))));
    }

    @Test
    void theBatchStaysOpen() {
        assertEquals("x.expand(-1, -1, -1, -1)", moved(new Rearrangement.Expand(X)));
        assertEquals("x.permute(0, 2, 3, 1)", moved(new Rearrangement.Permute(List.of(0, 2, 3, 1))));
    }

    @Test
    void mirroringBeyondTheImageIsSelected() {
        assertEquals("nn.functional.pad(x, (1, 2, 0, 1), mode=\"reflect\")", moved(new Rearrangement.Pad(List.of(0, 0, 0, 1),
                List.of(0, 0, 1, 2), Rearrangement.PadMode.REFLECT, 0)));
        assertEquals("x[:, :, :, [3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3]]", moved(new Rearrangement.Pad(List.of(0, 0, 0, 5),
                List.of(0, 0, 0, 1), Rearrangement.PadMode.REFLECT, 0)));
        assertEquals("x[:, [0, 0, 1, 2, 3, 4, 5, 6, 7]]", moved(new Rearrangement.Pad(List.of(0, 1, 0, 0), List.of(0, 0, 0, 0),
                Rearrangement.PadMode.REPLICATE, 0)));
    }

    @Test
    void reductionsOverNoAxisDoNotReduce() {
        assertEquals("x.unsqueeze(-1).mean(dim=[-1])", Functions.reduce(new Op.Reduce(Reduction.MEAN, List.of(), true), "x"));
        assertEquals("x.prod(dim=3, keepdim=True).prod(dim=2, keepdim=True)",
                Functions.reduce(new Op.Reduce(Reduction.PROD, List.of(2, 3), true), "x"));
    }

    @Test
    void modulesStandWherePyTorchHasThem() {
        assertEquals(Optional.of("nn.Hardsigmoid()"), OtherModules.activation(new Op.Pointwise(PointwiseFunction.HARDSIGMOID, 1f / 6, 0.5f)));
        assertEquals(Optional.empty(), OtherModules.activation(new Op.Pointwise(PointwiseFunction.HARDSIGMOID, 0.2f, 0.5f)));
        assertEquals("torch.clamp(x * 0.2 + 0.5, 0.0, 1.0)",
                Functions.pointwise(new Op.Pointwise(PointwiseFunction.HARDSIGMOID, 0.2f, 0.5f), "x"));
        assertEquals("(x >= y).float()", Functions.pairwise(new Op.Pairwise(PairFunction.GREATER_EQUAL), "x", "y"));
    }

    @Test
    void resamplingIsAModuleWhereTheScalesAreWhatTheExtentsSay() {
        assertEquals(Optional.of("size=(12, 10), mode=\"nearest\""), Resized.upsample(Resampling.of(Shape.of(1, 8, 12, 10),
                List.of(1f, 1f, 2f, 2f), Resampling.Mode.NEAREST, Resampling.Coordinates.ASYMMETRIC, Resampling.Rounding.FLOOR), X));
        assertEquals(Optional.of("size=(12, 10), mode=\"bilinear\", align_corners=True"), Resized.upsample(Resampling.of(
                Shape.of(1, 8, 12, 10), List.of(1f, 1f, 2f, 2f), Resampling.Mode.LINEAR, Resampling.Coordinates.ALIGN_CORNERS,
                Resampling.Rounding.FLOOR), X));
        assertEquals(Optional.empty(), Resized.upsample(Resampling.of(Shape.of(1, 8, 12, 10), List.of(1f, 1f, 2.1f, 2f),
                Resampling.Mode.LINEAR, Resampling.Coordinates.HALF_PIXEL, Resampling.Rounding.FLOOR), X));
    }
}
