package quantscope.app.graphview;

import java.util.Map;
import java.util.function.Consumer;
import javafx.animation.Interpolator;
import javafx.animation.Transition;
import javafx.geometry.Point2D;
import javafx.scene.Group;
import javafx.util.Duration;
import quantscope.figure.Arrangement;
import quantscope.figure.Drawing;
import quantscope.figure.Place;

/** Lets cards glide from old to new places and edges fade in, so that the eye can follow a change. */
final class GlideCards extends Transition {

    private Arrangement arrangement = new Arrangement(new Drawing(Map.of(), java.util.List.of()), Map.of(),
            java.util.List.of(), 0, 0);
    private Map<String, CardView> views = Map.of();
    private Map<String, Point2D> from = Map.of();
    private Group edges = new Group();
    private Consumer<Arrangement> arranged = _ -> { };

    GlideCards() {
        setCycleDuration(Duration.millis(180));
        setInterpolator(Interpolator.EASE_OUT);
    }

    void onArranged(Consumer<Arrangement> listener) {
        arranged = listener;
    }

    /** @param before old places in the new coordinates; a card that has none fades in */
    void run(Arrangement to, Map<String, CardView> cards, Map<String, Point2D> before, Group edgeGroup) {
        stop();
        arrangement = to;
        views = Map.copyOf(cards);
        from = Map.copyOf(before);
        edges = edgeGroup;
        arranged.accept(to);
        if (before.isEmpty()) {
            interpolate(1);
        } else {
            playFromStart();
        }
    }

    @Override
    protected void interpolate(double share) {
        edges.setOpacity(share);
        views.forEach((name, view) -> {
            Place to = arrangement.places().get(name);
            Point2D start = from.get(name);
            if (start == null) {
                view.setOpacity(share);
                view.relocate(to.x(), to.y());
            } else {
                view.setOpacity(1);
                view.relocate(start.getX() + (to.x() - start.getX()) * share,
                        start.getY() + (to.y() - start.getY()) * share);
            }
        });
    }
}
