package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.fold.Known;
import quantscope.graph.ConvGeometry;

/** What a name of the file stands for. */
sealed interface Slot {

    /** The graph's node whose value it is or comes from; empty for what does not depend on the network's input. */
    Optional<String> source();

    /** A tensor that depends on parameters alone. */
    record Fixed(Known value) implements Slot {
        @Override
        public Optional<String> source() {
            return Optional.empty();
        }
    }

    /** A node of the graph under construction. */
    record Layer(String node) implements Slot {
        @Override
        public Optional<String> source() {
            return Optional.of(node);
        }
    }

    /** A symbolic integer whose value is known for one image. */
    record Number(long value) implements Slot {
        @Override
        public Optional<String> source() {
            return Optional.empty();
        }
    }

    /** A node's image with zeros around it, which the convolutions that read it take in. */
    record Padded(String node, int top, int left, int bottom, int right) implements Slot {
        @Override
        public Optional<String> source() {
            return Optional.of(node);
        }

        ConvGeometry addedTo(ConvGeometry g) {
            return new ConvGeometry(g.strideH(), g.strideW(), Math.addExact(g.padTop(), top),
                    Math.addExact(g.padLeft(), left), Math.addExact(g.padBottom(), bottom),
                    Math.addExact(g.padRight(), right), g.dilationH(), g.dilationW(), g.groups());
        }
    }

    /** A value that the program cannot follow; whatever reads it is shown as not supported, with this reason. */
    record Lost(Optional<String> source, String reason) implements Slot { }
}
