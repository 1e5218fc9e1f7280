package quantscope.app.inspector;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import quantscope.app.chart.ChartCard;
import quantscope.app.control.FileDialogs;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.LevelUse;
import quantscope.compare.WeightInsight;
import quantscope.figure.Formats;
import quantscope.quant.QuantParams;

/** A layer's weight, whole or by output channel: fp32 against int8, scales and zero points, bits used. */
final class WeightPane extends VBox {

    private enum View {
        OVERALL, CHANNEL
    }

    private final Texts texts = Texts.of("inspector");
    private final FactTexts factTexts = new FactTexts();
    private final ChartCard chart;
    private final Facts facts = new Facts("weight");
    private final ComboBox<View> view = new ComboBox<>(FXCollections.observableArrayList(View.values()));
    private final Spinner<Integer> channel = new Spinner<>();
    private final Label worst = new Label();
    private Optional<WeightInsight> shown = Optional.empty();
    private String layer = "";

    WeightPane(TaskRunner tasks, FileDialogs dialogs) {
        setId("weight");
        getStyleClass().add("inspector-pane");
        chart = new ChartCard("weight-chart", tasks, dialogs);
        view.setId("weight-view");
        view.setCellFactory(_ -> new ViewCell());
        view.setButtonCell(new ViewCell());
        view.setValue(View.OVERALL);
        view.valueProperty().addListener((_, _, _) -> refresh());
        channel.setId("weight-channel");
        channel.setEditable(true);
        channel.setPrefWidth(92);
        channel.disableProperty().bind(view.valueProperty().isEqualTo(View.OVERALL));
        channel.valueProperty().addListener((_, _, _) -> refresh());
        worst.getStyleClass().add("hint");
        worst.setId("weight-worst");
        HBox chooser = new HBox(8, view, channel, worst);
        chooser.setAlignment(Pos.CENTER_LEFT);
        VBox.setVgrow(chart, Priority.ALWAYS);
        getChildren().addAll(chooser, chart, facts);
    }

    void show(String ofLayer, WeightInsight insight) {
        layer = ofLayer;
        shown = Optional.of(insight);
        int last = insight.channels().size() - 1;
        int before = channel.getValue() == null ? 0 : Math.min(channel.getValue(), last);
        channel.setValueFactory(new SpinnerValueFactory.IntegerSpinnerValueFactory(0, last, before));
        worst.setText(texts.text("worstChannel", Integer.toString(worstChannel(insight))));
        refresh();
    }

    private void refresh() {
        shown.ifPresent(insight -> {
            boolean whole = view.getValue() == View.OVERALL || channel.getValue() == null;
            int c = whole ? 0 : channel.getValue();
            chart.show(whole ? insight.overall() : insight.channels().get(c), Optional.empty(), Optional.empty(),
                    texts.text("converted.int8"), layer + "-weight" + (whole ? "" : "-" + c));
            facts.clear();
            parameters(insight.params(), whole, c);
            factTexts.metrics(facts, whole ? insight.metrics() : insight.channelErrors().get(c));
            LevelUse use = whole ? insight.levels() : insight.channelLevels().get(c);
            factTexts.add(facts, "levels", texts.text("levels", Integer.toString(use.used())));
            factTexts.add(facts, "bits", texts.text("bits", String.format(Locale.ROOT, "%.2f", use.bits()),
                    String.format(Locale.ROOT, "%.0f %%", 100 * use.bits() / 8)));
        });
    }

    private void parameters(QuantParams params, boolean whole, int c) {
        switch (params) {
            case QuantParams.PerTensor p -> factTexts.params(facts, p);
            case QuantParams.PerChannel p when whole -> {
                float low = Float.MAX_VALUE;
                float high = 0;
                for (float scale : p.scales()) {
                    low = Math.min(low, scale);
                    high = Math.max(high, scale);
                }
                factTexts.add(facts, "scales", String.format(Locale.ROOT, "%.1e … %.1e", low, high));
                int lowest = IntStream.range(0, p.channels()).map(p::zeroPoint).min().orElseThrow();
                int highest = IntStream.range(0, p.channels()).map(p::zeroPoint).max().orElseThrow();
                if (lowest == highest) {
                    factTexts.add(facts, "zeroPoint", Integer.toString(lowest));
                } else {
                    factTexts.add(facts, "zeroPoints", lowest + " … " + highest);
                }
            }
            case QuantParams.PerChannel p -> factTexts.params(facts,
                    new QuantParams.PerTensor(p.dtype(), p.scale(c), p.zeroPoint(c)));
        }
    }

    /** The channel with the lowest SQNR. */
    private static int worstChannel(WeightInsight insight) {
        int worst = 0;
        for (int c = 1; c < insight.channelErrors().size(); c++) {
            ErrorMetrics error = insight.channelErrors().get(c);
            worst = error.sqnrDb() < insight.channelErrors().get(worst).sqnrDb() ? c : worst;
        }
        return worst;
    }

    private final class ViewCell extends javafx.scene.control.ListCell<View> {
        @Override
        protected void updateItem(View item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty || item == null ? "" : texts.text("view." + item));
        }
    }
}
