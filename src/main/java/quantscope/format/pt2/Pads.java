package quantscope.format.pt2;

import java.util.List;
import quantscope.format.ModelFormatException;
import quantscope.graph.Node;

/** Zeros that a network puts around an image for a convolution to take in. */
final class Pads {

    private Pads() { }

    /**
     * @param source        the padded layer
     * @param onlyConvolved whether convolutions, and nothing else, read the padded image
     * @throws NotSupportedException for any other padding
     */
    static Slot.Padded of(Call call, Node source, boolean onlyConvolved) throws ModelFormatException {
        List<Long> pads = call.integers("pad");
        boolean image = source.shape().isPresent() && source.shape().get().rank() == 4;
        boolean zeros = call.text("mode", "constant").equals("constant") && call.number("value", 0) == 0;
        boolean inside = pads.stream().skip(4).allMatch(p -> p == 0) && pads.size() % 2 == 0
                && pads.stream().allMatch(p -> p >= 0);
        if (!onlyConvolved || !image || !zeros || !inside) {
            throw new NotSupportedException("Padding is supported with zeros around an image in front of a"
                    + " convolution, which takes it in.");
        }
        return new Slot.Padded(source.name(), at(pads, 2), at(pads, 0), at(pads, 3), at(pads, 1));
    }

    private static int at(List<Long> pads, int i) {
        return i < pads.size() ? Math.toIntExact(pads.get(i)) : 0;
    }
}
