package quantscope.format.pt2;

import quantscope.format.ModelFormatException;
import quantscope.graph.Op;

/** Clamping between two numbers. */
final class Clips {

    private Clips() { }

    /** Bounds of 0 and infinity are ReLU's. */
    static Op of(Call call, double min, double max) throws ModelFormatException {
        if (!(min <= max)) {
            throw call.error("clamps to " + min + " .. " + max);
        }
        return min == 0 && max == Double.POSITIVE_INFINITY ? new Op.Relu() : new Op.Clip((float) min, (float) max);
    }
}
