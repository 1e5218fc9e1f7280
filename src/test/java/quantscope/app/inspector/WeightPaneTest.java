package quantscope.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javafx.scene.Parent;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Spinner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import quantscope.app.ViewTest;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.HistogramPair;
import quantscope.compare.LevelUse;
import quantscope.compare.WeightInsight;
import quantscope.quant.Histogram;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.tensor.Shape;

@Tag("ui")
class WeightPaneTest extends ViewTest {

    private final WeightPane[] pane = new WeightPane[1];

    @Override
    protected Parent view() {
        pane[0] = new WeightPane(tasks, dialogs);
        return pane[0];
    }

    private void show(int firstZeroPoint, int secondZeroPoint) {
        HistogramPair pair = new HistogramPair(new Histogram(0, 1, new long[] {3, 4}),
                new Histogram(0, 1, new long[] {5, 2}));
        ErrorMetrics metrics = new ErrorMetrics(40, 1, 0, 0);
        WeightInsight insight = new WeightInsight(Shape.of(2, 7), new QuantParams.PerChannel(QuantDtype.QINT8,
                new float[] {0.25f, 0.5f}, new int[] {firstZeroPoint, secondZeroPoint}, 0), pair, List.of(pair, pair),
                metrics, List.of(metrics, metrics), new LevelUse(12, 4), List.of(new LevelUse(5, 2), new LevelUse(7, 2.5)));
        interact(() -> pane[0].show("conv1", insight));
    }

    private void channel(int c) {
        interact(() -> {
            lookup("#weight-view").queryAs(ComboBox.class).getSelectionModel().select(1);
            @SuppressWarnings("unchecked")
            Spinner<Integer> channel = lookup("#weight-channel").queryAs(Spinner.class);
            channel.getValueFactory().setValue(c);
        });
    }

    @Test
    void levelsAndBitsAreThoseOfWhatIsShown() {
        show(0, 0);
        assertEquals("12 of 256", text("weight-levels"));
        assertEquals("4.00 of 8 (50 %)", text("weight-bits"));
        channel(0);
        assertEquals("5 of 256", text("weight-levels"));
        assertEquals("2.00 of 8 (25 %)", text("weight-bits"));
        channel(1);
        assertEquals("7 of 256", text("weight-levels"));
    }

    @Test
    void channelsThatDifferShowTheirRangeOfZeroPoints() {
        show(-3, 5);
        assertEquals("-3 … 5", text("weight-zeroPoints"));
        assertTrue(read().contains("Zero points"));
        channel(1);
        assertEquals("5", text("weight-zeroPoint"));
        show(4, 4);
        channel(0);
        interact(() -> lookup("#weight-view").queryAs(ComboBox.class).getSelectionModel().select(0));
        assertEquals("4", text("weight-zeroPoint"));
    }
}
