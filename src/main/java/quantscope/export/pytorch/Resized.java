package quantscope.export.pytorch;

import java.util.Optional;
import quantscope.graph.Resampling;
import quantscope.tensor.Shape;

/** What of ONNX's resampling is torch.nn's Upsample. */
final class Resized {

    private Resized() { }

    /** The arguments of nn.Upsample; empty where it computes something else. */
    static Optional<String> upsample(Resampling how, Shape in) {
        if (in.rank() != 4 || in.dim(0) != how.target().dim(0) || in.dim(1) != how.target().dim(1) || how.antialias()
                || how.excludeOutside() || how.crop().isPresent() || !whole(how, in)) {
            return Optional.empty();
        }
        Resampling.Coordinates at = how.coordinates();
        Optional<String> mode = switch (how.mode()) {
            case NEAREST -> at == Resampling.Coordinates.ASYMMETRIC && how.rounding() == Resampling.Rounding.FLOOR
                    ? Optional.of("nearest")
                    : at == Resampling.Coordinates.HALF_PIXEL && how.rounding() == Resampling.Rounding.ROUND_PREFER_CEIL
                    ? Optional.of("nearest-exact") : Optional.empty();
            case LINEAR -> corners(at).map(corners -> "bilinear\"" + corners);
            case CUBIC -> how.cubicA() == -0.75f ? corners(at).map(corners -> "bicubic\"" + corners) : Optional.empty();
        };
        return mode.map(m -> "size=(%d, %d), mode=\"%s".formatted(how.target().dim(2), how.target().dim(3), m)
                + (m.contains("\"") ? "" : "\""));
    }

    private static Optional<String> corners(Resampling.Coordinates at) {
        return at == Resampling.Coordinates.ALIGN_CORNERS ? Optional.of(", align_corners=True")
                : at == Resampling.Coordinates.HALF_PIXEL ? Optional.of("") : Optional.empty();
    }

    /** Whether the scales are just what the extents say, as PyTorch takes them to be where it is told a size. */
    private static boolean whole(Resampling how, Shape in) {
        for (int axis = 0; axis < in.rank(); axis++) {
            if (Math.abs(how.scales().get(axis) * in.dim(axis) - how.target().dim(axis)) > 1e-5f * how.target().dim(axis)) {
                return false;
            }
        }
        return true;
    }
}
