package quantscope.app.graphview;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.geometry.Rectangle2D;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.StackPane;
import javafx.scene.transform.Transform;
import org.controlsfx.control.PopOver;
import quantscope.app.control.ObstacleList;
import quantscope.app.state.Choosing;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.figure.ArrangeGraph;
import quantscope.figure.Arrangement;
import quantscope.figure.Card;
import quantscope.figure.DrawGraph;
import quantscope.figure.Drawing;
import quantscope.figure.Place;
import quantscope.ptq.Prepared;

/** The graph of the workspace: cards, edges, selection, a small map. Layout runs in the background, latest first. */
public final class GraphView extends StackPane implements CardView.Listener {

    private final Workspace workspace;
    private final Choosing choosing;
    private final TaskRunner tasks;
    private final Texts texts = Texts.of("graph");
    private final DrawGraph drawGraph;
    private final Viewport viewport = new Viewport();
    private final Group edges = new Group();
    private final Group cards = new Group();
    private final Map<String, CardView> views = new LinkedHashMap<>();
    private final GlideCards glide = new GlideCards();
    private final PopOver popOver = new PopOver();
    private Optional<TaskEntry> arranging = Optional.empty();
    private Optional<Arrangement> shown = Optional.empty();
    private Optional<Prepared> pending = Optional.empty();
    private boolean downwards = true;

    public GraphView(Workspace workspace, Choosing choosing, TaskRunner tasks) {
        this.workspace = workspace;
        this.choosing = choosing;
        this.tasks = tasks;
        this.drawGraph = new DrawGraph(new ChosenTicks(choosing));
        setId("graph");
        getStyleClass().add("graph-view");
        setFocusTraversable(true);
        viewport.content().getChildren().addAll(edges, cards);
        Minimap map = new Minimap(viewport);
        setAlignment(map, Pos.BOTTOM_RIGHT);
        getChildren().addAll(viewport, map);
        glide.onArranged(map::show);
        setOnMousePressed(_ -> requestFocus());
        setOnKeyPressed(new GraphKeys(this, viewport)::pressed);
        popOver.setArrowLocation(PopOver.ArrowLocation.TOP_CENTER);
        popOver.setDetachable(false);
        popOver.setAnimated(false);
        viewport.widthProperty().addListener((_, _, _) -> showPending());
        viewport.heightProperty().addListener((_, _, _) -> showPending());
        workspace.preparedProperty().addListener((_, _, now) -> draw(now));
        workspace.selectedLayerProperty().addListener((_, before, now) -> select(before, now));
        draw(workspace.prepared());
    }

    // ---- drawing ----

    private void draw(Optional<Prepared> prepared) {
        arranging.ifPresent(TaskEntry::cancel);
        popOver.hide();
        if (prepared.isEmpty()) {
            clear();
            return;
        }
        pending = prepared;
        showPending();
    }

    /** Waits until the pane has a size: the first look depends on it. */
    private void showPending() {
        if (viewport.getWidth() <= 0 || viewport.getHeight() <= 0 || pending.isEmpty()) {
            return;
        }
        Drawing drawing = drawGraph.draw(pending.get());
        boolean down = downwards;
        pending = Optional.empty();
        arranging = Optional.of(tasks.quietly(texts.text("arrange"),
                (_, _) -> new ArrangeGraph().arrange(drawing, down), this::show));
    }

    private void clear() {
        pending = Optional.empty();
        shown = Optional.empty();
        views.clear();
        cards.getChildren().clear();
        edges.getChildren().clear();
    }

    private void show(Arrangement next) {
        Optional<String> anchor = shown.flatMap(this::anchor).filter(next.places()::containsKey);
        Optional<Point2D> before = anchor.map(a -> place(shown.get(), a));
        Map<String, Point2D> from = new HashMap<>();
        views.forEach((name, view) -> from.put(name, new Point2D(view.getLayoutX(), view.getLayoutY())));
        replaceCards(next);
        replaceEdges(next);
        viewport.setExtent(next.width(), next.height());
        shown = Optional.of(next);
        if (anchor.isPresent()) {
            Point2D shift = before.get().subtract(place(next, anchor.get())).multiply(viewport.zoomProperty().get());
            viewport.panBy(shift.getX(), shift.getY());
            Point2D moved = place(next, anchor.get()).subtract(before.get());
            from.replaceAll((_, p) -> p.add(moved));
            glide.run(next, views, from, edges);
        } else {
            viewport.home();
            workspace.selectedLayer().ifPresent(this::reveal);
            glide.run(next, views, Map.of(), edges);
        }
        select(Optional.empty(), workspace.selectedLayer());
    }

    private static Point2D place(Arrangement arrangement, String name) {
        Place place = arrangement.places().get(name);
        return new Point2D(place.x(), place.y());
    }

    private static Rectangle2D rectangle(Place place) {
        return new Rectangle2D(place.x(), place.y(), place.width(), place.height());
    }

    /** The card that must not move on the screen: the selected one if it is seen, else the one in the middle. */
    private Optional<String> anchor(Arrangement now) {
        Rectangle2D seen = viewport.visiblePart();
        Optional<String> selected = workspace.selectedLayer()
                .filter(s -> now.places().containsKey(s) && rectangle(now.places().get(s)).intersects(seen));
        Point2D middle = new Point2D((seen.getMinX() + seen.getMaxX()) / 2, (seen.getMinY() + seen.getMaxY()) / 2);
        return selected.or(() -> now.places().entrySet().stream()
                .filter(e -> workspace.prepared().filter(p -> p.graph().find(e.getKey()).isPresent()).isPresent())
                .min(java.util.Comparator.comparingDouble(e -> middle.distance(
                        e.getValue().centerX(), e.getValue().centerY())))
                .map(Map.Entry::getKey));
    }

    private void replaceCards(Arrangement next) {
        Map<String, CardView> kept = new LinkedHashMap<>();
        next.drawing().cards().forEach((name, card) -> {
            CardView old = views.get(name);
            CardView view = old != null && old.card().equals(card) ? old : new CardView(card, this, texts);
            view.relocate(next.places().get(name).x(), next.places().get(name).y());
            kept.put(name, view);
        });
        views.clear();
        views.putAll(kept);
        cards.getChildren().setAll(kept.values());
    }

    private void replaceEdges(Arrangement next) {
        edges.getChildren().clear();
        for (int i = 0; i < next.routes().size(); i++) {
            edges.getChildren().add(new EdgeView(next.drawing().edges().get(i), next.routes().get(i)));
        }
    }

    private void select(Optional<String> before, Optional<String> now) {
        before.map(views::get).ifPresent(v -> v.setSelected(false));
        now.map(views::get).ifPresent(v -> v.setSelected(true));
        now.ifPresent(this::reveal);
    }

    private void reveal(String node) {
        shown.map(s -> s.places().get(node)).ifPresent(viewport::reveal);
    }

    // ---- what cards tell ----

    @Override
    public void selected(String node) {
        workspace.select(node);
    }

    @Override
    public void toggled(String node) {
        workspace.select(node);
        choosing.toggle(node);
    }

    @Override
    public void obstaclesAsked(Card card, Node anchor) {
        workspace.select(card.name());
        ObstacleList list = new ObstacleList(choosing, card.obstacles());
        list.setPrefWidth(380);
        popOver.setContentNode(list);
        popOver.show(anchor);
    }

    // ---- for keys, buttons and pictures ----

    Workspace workspace() {
        return workspace;
    }

    boolean downwards() {
        return downwards;
    }

    /** Turns the layout: top to bottom, or left to right. */
    void setDownwards(boolean wanted) {
        if (wanted != downwards) {
            downwards = wanted;
            shown = Optional.empty();
            draw(workspace.prepared());
        }
    }

    /** The cards and edges without zoom and pan. */
    WritableImage picture(SnapshotParameters parameters) {
        Group content = viewport.content();
        List<Transform> before = List.copyOf(content.getTransforms());
        content.getTransforms().clear();
        WritableImage image = content.snapshot(parameters, null);
        content.getTransforms().setAll(before);
        return image;
    }

    Viewport viewport() {
        return viewport;
    }

    Optional<Arrangement> arrangement() {
        return shown;
    }
}
