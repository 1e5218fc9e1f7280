package quantscope.app.graphview;

import quantscope.app.state.Choosing;
import quantscope.figure.Card;
import quantscope.figure.DrawGraph;
import quantscope.graph.Node;
import quantscope.ptq.Prepared;

/** Tick boxes as the choices stand. */
record ChosenTicks(Choosing choosing) implements DrawGraph.TickBoxes {

    @Override
    public Card.Tick of(Prepared prepared, Node node) {
        if (prepared.fusedInto().containsKey(node.name()) || choosing.offered(node.name()).isEmpty()) {
            boolean blocked = prepared.obstacles(node.name()).stream().anyMatch(o -> o.blocking() && o.fix().isPresent());
            return blocked ? Card.Tick.BLOCKED : Card.Tick.NONE;
        }
        if (choosing.ticked(node.name())) {
            return Card.Tick.ON;
        }
        return choosing.tickable(node.name()) ? Card.Tick.OFF : Card.Tick.BLOCKED;
    }
}
