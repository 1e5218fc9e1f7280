package quantscope.app.inspector;

import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import quantscope.app.control.EmptyState;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.LayerInsight;

/** One part of the selected layer, fp32 against what calibration made of it. */
public final class InspectorView extends VBox {

    /** What is looked at. */
    public enum Part {
        WEIGHT, INPUT, OUTPUT
    }

    private final Part part;
    private final Workspace workspace;
    private final Runs runs;
    private final Texts texts = Texts.of("inspector");
    private final Label title = new Label();
    private final Label signFlips = new Label();
    private final StackPane content = new StackPane();
    private final WeightPane weight;
    private final ActivationPane activation;
    private final ScrollPane weightScroll;
    private final ScrollPane activationScroll;

    public InspectorView(Part part, Workspace workspace, Runs runs, TaskRunner tasks, FileDialogs dialogs) {
        this.part = part;
        this.workspace = workspace;
        this.runs = runs;
        String id = part.name().toLowerCase(Locale.ROOT);
        setId("inspector-" + id);
        getStyleClass().add("inspector");
        weight = new WeightPane(tasks, dialogs);
        activation = new ActivationPane(id, tasks, dialogs);
        weightScroll = scrolled(weight);
        activationScroll = scrolled(activation);
        title.getStyleClass().add("inspector-title");
        title.setId(id + "-title");
        title.managedProperty().bind(title.visibleProperty());
        signFlips.setId(id + "-sign-flips");
        signFlips.getStyleClass().add("sign-flips");
        signFlips.setWrapText(true);
        signFlips.managedProperty().bind(signFlips.visibleProperty());
        VBox.setVgrow(content, Priority.ALWAYS);
        getChildren().addAll(title, signFlips, content);
        runs.results().insightProperty().addListener((_, _, _) -> refresh());
        runs.results().runProperty().addListener((_, _, _) -> refresh());
        runs.inspectingProperty().addListener((_, _, _) -> refresh());
        workspace.selectedLayerProperty().addListener((_, _, _) -> refresh());
        refresh();
    }

    private void refresh() {
        Optional<LayerInsight> insight = runs.results().insight();
        title.setVisible(insight.isPresent());
        insight.ifPresent(i -> title.setText(texts.text("title." + part, i.layer())));
        boolean flips = part == Part.INPUT && insight.flatMap(LayerInsight::signFlips).isPresent();
        signFlips.setVisible(flips);
        if (flips) {
            signFlips.setText(texts.text("signFlips", String.format(Locale.ROOT, "%.3f %%",
                    100 * insight.orElseThrow().signFlips().orElseThrow().rate())));
        }
        content.getChildren().setAll(insight.map(this::view).orElseGet(this::nothingYet));
    }

    private Node view(LayerInsight insight) {
        return switch (part) {
            case WEIGHT -> insight.weight().<Node>map(w -> {
                weight.show(insight.layer(), w);
                return weightScroll;
            }).orElseGet(() -> new EmptyState(Feather.BAR_CHART_2, texts.text("noWeight.title"),
                    texts.text("noWeight.hint", insight.layer())));
            case INPUT -> {
                activation.show(insight.layer(), insight.input());
                yield activationScroll;
            }
            case OUTPUT -> {
                activation.show(insight.layer(), insight.output());
                yield activationScroll;
            }
        };
    }

    /** All numbers can be reached in a low window, where the chart has its least height. */
    private static ScrollPane scrolled(Node pane) {
        ScrollPane scroll = new ScrollPane(pane);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        return scroll;
    }

    private Node nothingYet() {
        if (runs.inspectingProperty().get().isPresent()) {
            ProgressIndicator busy = new ProgressIndicator();
            busy.setMaxSize(36, 36);
            return busy;
        }
        if (runs.results().run().isEmpty()) {
            return new EmptyState(Feather.BAR_CHART_2, texts.text("before.title"), texts.text("before.hint"));
        }
        return new EmptyState(Feather.MOUSE_POINTER, texts.text("nothing.title"),
                texts.text(workspace.selectedLayer().isPresent() ? "nothing.hint" : "nothing.select"));
    }
}
