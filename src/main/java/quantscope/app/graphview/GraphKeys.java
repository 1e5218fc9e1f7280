package quantscope.app.graphview;

import java.util.List;
import java.util.Optional;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import quantscope.app.state.Workspace;
import quantscope.figure.Place;
import quantscope.graph.Graph;

/** The graph by keyboard: arrows walk along edges and across branches, Enter and Space tick, + - 0 F zoom. */
final class GraphKeys {

    private static final double STEP = 1.25;

    private final GraphView view;
    private final Viewport viewport;

    GraphKeys(GraphView view, Viewport viewport) {
        this.view = view;
        this.viewport = viewport;
    }

    void pressed(KeyEvent e) {
        if (e.isShortcutDown() || e.isAltDown()) {
            return;
        }
        if (handled(e.getCode())) {
            e.consume();
        }
    }

    private boolean handled(KeyCode code) {
        boolean down = view.downwards();
        return switch (code) {
            case DOWN -> down ? along(true) : across(true);
            case UP -> down ? along(false) : across(false);
            case RIGHT -> down ? across(true) : along(true);
            case LEFT -> down ? across(false) : along(false);
            case HOME -> end(true);
            case END -> end(false);
            case ENTER, SPACE -> {
                workspace().selectedLayer().ifPresent(view::toggled);
                yield true;
            }
            case PLUS, ADD, EQUALS -> zoom(() -> viewport.zoomBy(STEP));
            case MINUS, SUBTRACT -> zoom(() -> viewport.zoomBy(1 / STEP));
            case DIGIT0, NUMPAD0 -> zoom(() -> viewport.zoomTo(1));
            case F -> zoom(viewport::fit);
            default -> false;
        };
    }

    private static boolean zoom(Runnable action) {
        action.run();
        return true;
    }

    private Workspace workspace() {
        return view.workspace();
    }

    private boolean along(boolean forwards) {
        workspace().prepared().ifPresent(p -> {
            Graph graph = p.graph();
            workspace().selectedLayer().ifPresentOrElse(
                    selected -> first(forwards ? graph.consumers(selected) : graph.node(selected).inputs()),
                    () -> first(List.of(graph.nodes().getFirst().name())));
        });
        return true;
    }

    private boolean end(boolean start) {
        workspace().prepared().ifPresent(p ->
                first(start ? List.of(p.graph().nodes().getFirst().name()) : p.graph().outputs()));
        return true;
    }

    private void first(List<String> candidates) {
        candidates.stream().findFirst().ifPresent(workspace()::select);
    }

    /** The nearest card on one side that overlaps the selected one along the flow. */
    private boolean across(boolean forwards) {
        Optional<Place> from = view.arrangement()
                .flatMap(a -> workspace().selectedLayer().map(a.places()::get));
        from.ifPresent(f -> view.arrangement().stream().flatMap(a -> a.places().entrySet().stream())
                .filter(e -> overlaps(f, e.getValue()) && (forwards ? gap(f, e.getValue()) : gap(e.getValue(), f)) >= 0)
                .min(java.util.Comparator.comparingDouble(e -> Math.abs(gap(f, e.getValue()))))
                .ifPresent(e -> workspace().select(e.getKey())));
        return true;
    }

    private boolean overlaps(Place a, Place b) {
        return view.downwards() ? a.y() < b.bottom() && b.y() < a.bottom()
                : a.x() < b.right() && b.x() < a.right();
    }

    private double gap(Place first, Place second) {
        return view.downwards() ? second.x() - first.right() : second.y() - first.bottom();
    }
}
