package quantscope.app.inspector;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.Segments;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.LayerInsight;

/** Looks into the selected layer: its weight, its input and its output, fp32 against what calibration made of them. */
public final class InspectorView extends VBox {

    private enum Part {
        WEIGHT, INPUT, OUTPUT
    }

    private final Workspace workspace;
    private final Runs runs;
    private final Texts texts = Texts.of("inspector");
    private final Segments<Part> parts;
    private final Label stale = new Label();
    private final Label signFlips = new Label();
    private final StackPane content = new StackPane();
    private final WeightPane weight;
    private final ActivationPane input;
    private final ActivationPane output;
    private Part part = Part.WEIGHT;

    public InspectorView(Workspace workspace, Runs runs, TaskRunner tasks, FileDialogs dialogs) {
        this.workspace = workspace;
        this.runs = runs;
        setId("inspector");
        getStyleClass().add("inspector");
        weight = new WeightPane(tasks, dialogs);
        input = new ActivationPane("input", tasks, dialogs);
        output = new ActivationPane("output", tasks, dialogs);
        parts = new Segments<>("inspector-part", List.of(Part.values()), p -> texts.text("part." + p), this::choose);
        stale.setText(texts.text("stale"));
        stale.setGraphic(new FontIcon(Feather.CLOCK));
        stale.getStyleClass().add("stale");
        stale.visibleProperty().bind(runs.results().staleProperty());
        stale.managedProperty().bind(stale.visibleProperty());
        signFlips.setId("inspector-sign-flips");
        signFlips.getStyleClass().add("sign-flips");
        signFlips.managedProperty().bind(signFlips.visibleProperty());
        HBox bar = new HBox(12, parts, stale);
        bar.getStyleClass().add("inspector-bar");
        VBox.setVgrow(content, Priority.ALWAYS);
        getChildren().addAll(bar, signFlips, content);
        runs.results().insightProperty().addListener((_, _, _) -> refresh());
        runs.results().runProperty().addListener((_, _, _) -> refresh());
        runs.inspectingProperty().addListener((_, _, _) -> refresh());
        workspace.selectedLayerProperty().addListener((_, _, _) -> refresh());
        refresh();
    }

    private void choose(Part chosen) {
        part = chosen;
        refresh();
    }

    private void refresh() {
        Optional<LayerInsight> insight = runs.results().insight();
        parts.show(part);
        parts.setDisable(insight.isEmpty());
        signFlips.setVisible(insight.flatMap(LayerInsight::signFlips).isPresent());
        insight.flatMap(LayerInsight::signFlips).ifPresent(flips -> signFlips.setText(
                texts.text("signFlips", String.format(Locale.ROOT, "%.3f %%", 100 * flips.rate()))));
        content.getChildren().setAll(insight.map(this::view).orElseGet(this::nothingYet));
    }

    private Node view(LayerInsight insight) {
        return switch (part) {
            case WEIGHT -> insight.weight().<Node>map(w -> {
                weight.show(insight.layer(), w);
                return weight;
            }).orElseGet(() -> new EmptyState(Feather.BAR_CHART_2, texts.text("noWeight.title"),
                    texts.text("noWeight.hint", insight.layer())));
            case INPUT -> {
                input.show(insight.layer(), insight.input());
                yield input;
            }
            case OUTPUT -> {
                output.show(insight.layer(), insight.output());
                yield output;
            }
        };
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
