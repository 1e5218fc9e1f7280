package quantscope.app.saturation;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.state.Choosing;
import quantscope.app.state.Forecasts;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.compare.LayerSaturation;
import quantscope.compare.Saturation;
import quantscope.figure.Formats;

/** How many dot products of each int8 layer would saturate without VNNI, with a button for each that mends it. */
public final class SaturationView extends BorderPane {

    private final Workspace workspace;
    private final Runs runs;
    private final Forecasts forecasts;
    private final Texts texts = Texts.of("saturation");
    private final Label headline = styled("headline");
    private final Label explanation = styled("explanation");
    private final Label stale = styled("stale");
    private final Button all = new Button();
    private final VBox head;
    private final SaturationTable table;

    public SaturationView(Workspace workspace, Choosing choosing, Runs runs, Forecasts forecasts) {
        this.workspace = workspace;
        this.runs = runs;
        this.forecasts = forecasts;
        getStyleClass().add("saturation");
        table = new SaturationTable(workspace, choosing, texts);
        headline.setId("saturation-headline");
        headline.setWrapText(true);
        explanation.setWrapText(true);
        stale.setText(texts.text("stale"));
        stale.setGraphic(new FontIcon(Feather.ALERT_CIRCLE));
        all.setId("reduce-all");
        all.setText(texts.text("reduce.all"));
        all.setMinWidth(USE_PREF_SIZE);
        all.setOnAction(_ -> choosing.reduceRange(open()));
        HBox.setHgrow(headline, Priority.ALWAYS);
        headline.setMaxWidth(Double.MAX_VALUE);
        HBox first = new HBox(10, headline, all);
        first.setAlignment(Pos.CENTER_LEFT);
        head = new VBox(4, first, explanation, stale);
        head.getStyleClass().add("saturation-head");
        forecasts.saturationProperty().addListener((_, _, _) -> show());
        runs.results().runProperty().addListener((_, _, _) -> show());
        runs.results().staleProperty().addListener((_, _, _) -> show());
        workspace.preparedProperty().addListener((_, _, _) -> show());
        show();
    }

    /** Layers that saturate and still have the full range. */
    private List<String> open() {
        return forecasts.saturation().map(Saturation::saturating).orElse(List.of()).stream()
                .map(LayerSaturation::layer)
                .filter(l -> !workspace.specification().qconfig(l).weight().reduceRange()).toList();
    }

    private void show() {
        Optional<Saturation> found = forecasts.saturation();
        stale.setVisible(runs.results().stale());
        stale.setManaged(runs.results().stale());
        if (found.isEmpty()) {
            setTop(null);
            setCenter(runs.results().run().isEmpty()
                    ? new EmptyState(Feather.CPU, texts.text("before.title"), texts.text("before.hint"))
                    : new EmptyState(Feather.CPU, texts.text("running.title"), texts.text("running.hint")));
            return;
        }
        Saturation saturation = found.get();
        if (!saturation.profile().saturates()) {
            setTop(null);
            setCenter(new EmptyState(Feather.CPU, texts.text("never.title"), texts.text("never.hint")));
            return;
        }
        headline.setText(headline(saturation));
        explanation.setText(texts.text("explanation", texts.text("on." + saturation.profile()), saturation.images()));
        all.setVisible(!open().isEmpty());
        all.setManaged(!open().isEmpty());
        table.show(saturation.layers());
        setTop(head);
        setCenter(saturation.layers().isEmpty()
                ? new EmptyState(Feather.CPU, texts.text("none.title"), texts.text("none.hint")) : table);
    }

    private String headline(Saturation saturation) {
        List<LayerSaturation> some = saturation.saturating();
        if (some.isEmpty()) {
            return texts.text("headline.none");
        }
        LayerSaturation worst = some.stream().max(java.util.Comparator.comparingDouble(LayerSaturation::saturatingShare))
                .orElseThrow();
        return texts.text("headline.some", some.size(), worst.layer(), Formats.percent(worst.saturatingShare()));
    }

    private static Label styled(String style) {
        Label label = new Label();
        label.getStyleClass().add(style);
        return label;
    }
}
