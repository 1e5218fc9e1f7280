package quantscope.format.pt2;

import java.util.List;
import quantscope.format.ModelFormatException;
import quantscope.graph.Node;

/** Zeros that a network puts around an image for a convolution to take in. */
final class Pads {

    private Pads() { }

    /** Whether they are zeros around height and width, and convolutions, and nothing else, read what they make. */
    static boolean mayBeAbsorbed(Call call, Program program) throws ModelFormatException {
        List<Long> pads = call.integers("pad");
        boolean zeros = call.text("mode", "constant").equals("constant") && call.number("value", 0) == 0;
        return zeros && pads.size() % 2 == 0 && pads.stream().allMatch(p -> p >= 0)
                && pads.stream().skip(4).allMatch(p -> p == 0) && call.firstOutput().filter(program::onlyConvolved).isPresent();
    }

    static boolean isImage(Node source) {
        return source.shape().filter(s -> s.rank() == 4).isPresent();
    }

    static Slot.Padded of(Call call, Node source) throws ModelFormatException {
        List<Long> pads = call.integers("pad");
        return new Slot.Padded(source.name(), at(pads, 2), at(pads, 0), at(pads, 3), at(pads, 1));
    }

    private static int at(List<Long> pads, int i) {
        return i < pads.size() ? Math.toIntExact(pads.get(i)) : 0;
    }
}
