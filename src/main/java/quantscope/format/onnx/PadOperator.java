package quantscope.format.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Pad: zeros around an image are held back for a convolution behind them. */
final class PadOperator {

    private static final int LARGEST = 1 << 20;

    private PadOperator() { }

    static void pad(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        long[] pads = call.has(1) ? call.known(1, "pads").longs().data() : call.attributes().integers("pads");
        float value = call.has(2) ? call.scalar(2, "value") : call.attributes().number("value", 0);
        if (call.has(3)) {
            pads = spread(call, pads, call.known(3, "axes").longs().data(), shape.rank());
        }
        int rank = shape.rank();
        if (pads.length != 2 * rank) {
            throw call.error("has " + pads.length + " pads, expected " + 2 * rank + " for input " + shape);
        }
        if (Arrays.stream(pads).anyMatch(p -> Math.abs(p) > LARGEST)) {
            throw call.error("pads " + Arrays.toString(pads) + ", expected at most " + LARGEST + "; the file is damaged");
        }
        if (Arrays.stream(pads).allMatch(p -> p == 0)) {
            call.emit(new Op.Identity(), call.source(0));
            return;
        }
        if ((pads[0] != 0 || pads[rank] != 0) && !call.oneImage()) {
            throw NotSupportedException.mixing("it pads the batch");
        }
        Rearrangement.PadMode mode = switch (call.attributes().text("mode", "constant")) {
            case "constant" -> Rearrangement.PadMode.CONSTANT;
            case "reflect" -> Rearrangement.PadMode.REFLECT;
            case "edge" -> Rearrangement.PadMode.REPLICATE;
            case "wrap" -> Rearrangement.PadMode.CIRCULAR;
            default -> throw call.error("mode is " + call.attributes().text("mode", "")
                    + ", expected constant, reflect, edge or wrap");
        };
        Rearrangement.Pad how = new Rearrangement.Pad(ints(pads, 0, rank), ints(pads, rank, 2 * rank), mode, value);
        boolean around = rank == 4 && pads[0] == 0 && pads[4] == 0 && pads[1] == 0 && pads[5] == 0 && Arrays.stream(pads).allMatch(p -> p >= 0);
        if (around && value == 0 && mode == Rearrangement.PadMode.CONSTANT) {
            call.holdBack(new ZeroPad(call.node(), call.source(0), how));
        } else {
            call.emit(new Op.Rearrange(how), call.source(0));
        }
    }

    private static List<Integer> ints(long[] values, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> (int) values[i]).toList();
    }

    private static long[] spread(Call call, long[] pads, long[] axes, int rank) throws ModelFormatException {
        long[] all = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (axis < 0 || axis >= rank || pads.length != 2 * axes.length) {
                throw call.error("pads and axes do not fit its input of rank " + rank);
            }
            all[(int) axis] = pads[i];
            all[(int) axis + rank] = pads[i + axes.length];
        }
        return all;
    }
}
