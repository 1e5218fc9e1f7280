package quantscope.figure;

import java.util.List;
import java.util.Optional;
import quantscope.graph.Cost;
import quantscope.ptq.Obstacle;
import quantscope.ptq.Precision;

/**
 * What a card says.
 *
 * @param name      of the node
 * @param form      how large and how drawn
 * @param kind      PyTorch's class
 * @param shape     of its output, as {@link Formats#shape} writes it
 * @param cost      empty for layers without weights
 * @param precision it runs in; for stubs that of their output
 * @param tick      the tick box's state; empty where there is nothing to tick
 * @param fusedInto the layer that it became a part of
 */
public record Card(String name, Form form, String kind, String shape, Optional<Cost> cost, Precision precision, Tick tick,
                   Optional<String> fusedInto, List<Obstacle> obstacles) {

    /** How large a card is, and how it is drawn. */
    public enum Form {
        /** A layer with weights: three lines. */
        LAYER(208, 66),
        /** A layer that moves, compares or normalizes values: two lines. */
        SMALL(208, 42),
        /** A layer that became a part of another: one line. */
        FUSED(200, 26),
        /** A QuantStub or DeQuantStub. */
        STUB(132, 26),
        /** The network's input, or a constant. */
        SOURCE(150, 30);

        private final double width;
        private final double height;

        Form(double width, double height) {
            this.width = width;
            this.height = height;
        }

        /** In pixels at 100%. */
        public double width() {
            return width;
        }

        /** In pixels at 100%. */
        public double height() {
            return height;
        }
    }

    /** A tick box. */
    public enum Tick { NONE, OFF, ON, BLOCKED }

    public Card {
        obstacles = List.copyOf(obstacles);
    }

    public boolean blocked() {
        return obstacles.stream().anyMatch(Obstacle::blocking);
    }
}
