package quantscope.app.inspector;

import java.util.Locale;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import quantscope.app.chart.ChartCard;
import quantscope.app.control.FileDialogs;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.ActivationInsight;
import quantscope.figure.Formats;

/** One activation over the calibration images: fp32 against converted, what is clipped, how far off it is. */
final class ActivationPane extends VBox {

    private final Texts texts = Texts.of("inspector");
    private final FactTexts factTexts = new FactTexts();
    private final ChartCard chart;
    private final Facts facts;

    /** @param id of the pane, prefix of its parts' ids */
    ActivationPane(String id, TaskRunner tasks, FileDialogs dialogs) {
        setId(id);
        getStyleClass().add("inspector-pane");
        chart = new ChartCard(id + "-chart", tasks, dialogs);
        facts = new Facts(id);
        VBox.setVgrow(chart, Priority.ALWAYS);
        getChildren().addAll(chart, facts);
    }

    void show(String layer, ActivationInsight insight) {
        chart.show(insight.histograms(), insight.clip(), insight.planned(),
                texts.text(insight.params().isPresent() ? "converted.int8" : "converted.fp32"), layer + "-" + getId());
        facts.clear();
        insight.params().ifPresent(p -> factTexts.params(facts, p));
        insight.clip().ifPresent(range -> {
            insight.planned().filter(p -> !p.equals(range)).ifPresent(p -> factTexts.add(facts, "planned", text(p)));
            factTexts.add(facts, "clipRange", text(range));
            factTexts.add(facts, "clipped", String.format(Locale.ROOT, "%.3f %%", 100 * insight.clipped()));
        });
        factTexts.metrics(facts, insight.metrics());
    }

    private static String text(ActivationInsight.Range range) {
        return Formats.number(range.min()) + " … " + Formats.number(range.max());
    }
}
