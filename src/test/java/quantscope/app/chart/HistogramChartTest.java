package quantscope.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.text.Text;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest;
import quantscope.compare.ActivationInsight.Range;
import quantscope.compare.HistogramPair;
import quantscope.quant.Histogram;

@Tag("ui")
class HistogramChartTest extends ViewTest {

    /** Levels -1, 0, 1; fp32 in three bins a level, with four zeros and more around them. */
    private static final HistogramPair LEVELS = new HistogramPair(
            new Histogram(-1.5, 1.5, new long[] {1, 2, 1, 1, 6, 1, 0, 0, 0}),
            new Histogram(-1.5, 1.5, new long[] {4, 8, 0}), true);

    private final ChartCard[] card = new ChartCard[1];

    @Override
    protected Parent view() {
        card[0] = new ChartCard("chart", tasks, dialogs);
        return card[0];
    }

    private void show(HistogramPair pair) {
        interact(() -> {
            card[0].show(pair, Optional.empty(), Optional.empty(), "int8, dequantized", "file");
            card[0].layout();
        });
    }

    private Path path(String style) {
        return lookup(".histogram-chart ." + style).queryAs(Path.class);
    }

    private static List<Double> heights(Path path) {
        return path.getElements().stream().filter(LineTo.class::isInstance).map(e -> ((LineTo) e).getY()).toList();
    }

    @Test
    void levelsAreBarsAndFp32IsAnAreaOfTheSameSize() {
        show(LEVELS);
        List<MoveTo> bars = path("histogram-levels").getElements().stream().filter(MoveTo.class::isInstance)
                .map(MoveTo.class::cast).toList();
        assertEquals(2, bars.size(), "empty levels have no bar");
        assertTrue(path("histogram-converted").getElements().isEmpty());
        double bottom = bars.getFirst().getY();
        double barOfZero = bottom - heights(path("histogram-levels")).stream().mapToDouble(y -> y).min().orElseThrow();
        double level = bottom - heights(path("histogram-fp32-outline")).get(2);
        // 8 values at level 0 reach as high as 2 2/3 values in a bin of a third of a level.
        assertEquals(barOfZero * 2 * 3 / 8, level, 1e-6);
        assertTrue(text(".chart-card-bar .label").contains("per level"), text(".chart-card-bar .label"));
    }

    @Test
    void aNarrowCardWrapsItsLegendInsteadOfCuttingItOff() {
        interact(() -> card[0].show(LEVELS, Optional.of(new Range(-1, 1)), Optional.of(new Range(-1, 0)),
                "int8, dequantized", "file"));
        WaitForAsyncUtils.waitForFxEvents(3);
        List<Label> legend = List.copyOf(lookup(".chart-legend > .label").queryAllAs(Label.class));
        assertEquals(4, legend.size());
        legend.forEach(l -> assertEquals(l.getText(), ((Text) l.lookup(".text")).getText()));
        assertTrue(legend.getLast().localToScene(0, 0).getY() > legend.getFirst().localToScene(0, 0).getY());
    }

    private String text(String query, int index) {
        return lookup(query).queryAllAs(Label.class).stream().skip(index).findFirst().orElseThrow().getText();
    }

    @Override
    protected String text(String query) {
        return text(query, 0);
    }

    @Test
    void aPeakThatRunsOutOfTheTopIsMarkedAndFitsOnALogarithmicScale() {
        show(LEVELS);
        assertFalse(path("histogram-cut").getElements().isEmpty(), "18 values per level beside bars of at most 8");
        interact(() -> {
            card[0].chart().logarithmicProperty().set(true);
            card[0].chart().layout();
        });
        assertTrue(path("histogram-cut").getElements().isEmpty());
    }

    @Test
    void hoveringReadsCountsNotDensities() {
        show(LEVELS);
        HistogramChart chart = card[0].chart();
        Point2D middle = chart.localToScreen(46 + (chart.getWidth() - 56) / 2, chart.getHeight() / 2);
        moveTo(middle);
        assertEquals("fp32 -0.1667 to 0.1667: 6 (50.00 %)\nlevel 0.000: 8 (66.67 %)", text(".histogram-reading"));
    }

    @Test
    void numbersWithoutCommonLevelsAreAreasOverTheSameBins() {
        show(new HistogramPair(new Histogram(0, 1, new long[] {3, 4}), new Histogram(0, 1, new long[] {5, 2})));
        assertTrue(path("histogram-levels").getElements().isEmpty());
        assertEquals(heights(path("histogram-fp32")).size(), heights(path("histogram-converted")).size());
        assertEquals("fp32", text(".chart-card-bar .label"));
    }
}
