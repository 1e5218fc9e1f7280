package quantscope.app.chart;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.Group;
import javafx.scene.control.Label;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;
import javafx.scene.shape.Path;
import javafx.scene.shape.Rectangle;
import javafx.scene.text.Text;
import quantscope.app.text.Texts;
import quantscope.compare.ActivationInsight.Range;
import quantscope.compare.HistogramPair;
import quantscope.figure.CountScale;
import quantscope.figure.Formats;
import quantscope.figure.Ticks;
import quantscope.quant.Histogram;

/**
 * Two histograms of the same values, overlaid: fp32 as an area, the converted values as a bar at each level, or as an
 * area over the same bins where they have no common levels. fp32 is drawn in values per width of a level, so that
 * equally many values cover equal areas. The clip range and the observer's range stand between lines. Made of shapes,
 * so style sheets color it and it is sharp at every scale.
 */
public final class HistogramChart extends Region {

    private static final double LEFT = 46;
    private static final double RIGHT = 10;
    private static final double TOP = 8;
    private static final double BOTTOM = 24;
    /** The outline of bins that are narrower, in pixels, must be thin not to hide the bars. */
    private static final double FINE_BIN = 1.4;
    private static final PseudoClass FINE = PseudoClass.getPseudoClass("fine");

    private final Texts texts = Texts.of("chart");
    private final BooleanProperty logarithmic = new SimpleBooleanProperty();
    private final Group grid = new Group();
    private final Path fp32 = path("histogram-fp32");
    private final Path fp32Outline = path("histogram-fp32-outline");
    private final Path converted = path("histogram-converted");
    private final Path bars = path("histogram-levels");
    private final Path cut = path("histogram-cut");
    private final Rectangle clippedLow = clippedArea();
    private final Rectangle clippedHigh = clippedArea();
    private final Line clipLow = line("clip-line");
    private final Line clipHigh = line("clip-line");
    private final Line plannedLow = line("planned-line");
    private final Line plannedHigh = line("planned-line");
    private final Line cursor = line("histogram-cursor");
    private final Label reading = new Label();
    private Optional<HistogramPair> data = Optional.empty();
    private Optional<Range> clip = Optional.empty();
    private Optional<Range> planned = Optional.empty();

    public HistogramChart() {
        getStyleClass().add("histogram-chart");
        reading.getStyleClass().add("histogram-reading");
        reading.setManaged(false);
        reading.setMouseTransparent(true);
        getChildren().addAll(grid, clippedLow, clippedHigh, fp32, converted, bars, fp32Outline, cut, plannedLow, plannedHigh,
                clipLow, clipHigh, cursor, reading);
        setMinSize(180, 120);
        setPrefSize(360, 190);
        logarithmic.addListener((_, _, _) -> requestLayout());
        setOnMouseMoved(this::read);
        setOnMouseExited(_ -> hideReading());
        hideReading();
    }

    public BooleanProperty logarithmicProperty() {
        return logarithmic;
    }

    /**
     * @param clipRange     of the values that are not clipped, drawn in where it is known
     * @param observerRange that the observer planned for, drawn in where it is known
     */
    public void show(HistogramPair pair, Optional<Range> clipRange, Optional<Range> observerRange) {
        data = Optional.of(pair);
        clip = clipRange;
        planned = observerRange;
        hideReading();
        requestLayout();
    }

    public Optional<HistogramPair> data() {
        return data;
    }

    @Override
    protected void layoutChildren() {
        grid.getChildren().clear();
        for (Path path : List.of(fp32, fp32Outline, converted, bars, cut)) {
            path.getElements().clear();
        }
        boolean shown = data.isPresent() && plotWidth() > 0 && plotHeight() > 0;
        for (var node : List.of(clippedLow, clippedHigh, clipLow, clipHigh)) {
            node.setVisible(shown && clip.isPresent());
        }
        plannedLow.setVisible(false);
        plannedHigh.setVisible(false);
        if (shown) {
            draw(data.get());
        }
    }

    private void draw(HistogramPair pair) {
        Histogram a = pair.fp32();
        CountScale scale = CountScale.of(pair, logarithmic.get());
        PlotArea area = new PlotArea(LEFT, TOP, plotWidth(), plotHeight());
        drawCountAxis(scale);
        drawValueAxis(a);
        DrawHistogram draw = new DrawHistogram(area, scale);
        draw.area(fp32, a.bins(), pair::fp32Density);
        draw.line(fp32Outline, a.bins(), pair::fp32Density);
        fp32Outline.pseudoClassStateChanged(FINE, plotWidth() < FINE_BIN * a.bins());
        draw.cut(cut, a.bins(), pair::fp32Density);
        if (pair.levels()) {
            draw.bars(bars, pair.converted().bins(), pair.converted()::count);
        } else {
            draw.area(converted, pair.converted().bins(), pair.converted()::count);
        }
        clip.ifPresent(range -> drawClip(a, range));
        planned.filter(range -> !clip.equals(Optional.of(range))).ifPresent(range -> drawPlanned(a, range));
    }

    private void drawCountAxis(CountScale scale) {
        int wanted = (int) Math.clamp(plotHeight() / 34, 2, 8);
        List<Double> ticks = scale.logarithmic() ? Ticks.logarithmic(scale.max(), wanted)
                : Ticks.linear(0, scale.max(), wanted);
        for (double tick : ticks) {
            double y = y(scale.position(tick));
            addLine(LEFT, y, LEFT + plotWidth(), y);
            Text label = addText(Formats.count(Math.round(tick)));
            label.setTextOrigin(VPos.CENTER);
            label.setX(LEFT - 6 - label.getLayoutBounds().getWidth());
            label.setY(y);
        }
    }

    private void drawValueAxis(Histogram h) {
        int wanted = (int) Math.clamp(plotWidth() / 70, 2, 10);
        double step = Ticks.step((h.max() - h.min()) / wanted);
        for (double tick : Ticks.linear(h.min(), h.max(), wanted)) {
            double x = x(h, tick);
            addLine(x, TOP + plotHeight(), x, TOP + plotHeight() + 4);
            Text label = addText(Ticks.label(tick, step));
            label.setTextOrigin(VPos.TOP);
            double width = label.getLayoutBounds().getWidth();
            label.setX(Math.clamp(x - width / 2, 0, Math.max(0, getWidth() - width)));
            label.setY(TOP + plotHeight() + 7);
        }
    }

    private void drawClip(Histogram h, Range range) {
        place(clippedLow, LEFT, inPlot(h, range.min()));
        place(clippedHigh, inPlot(h, range.max()), LEFT + plotWidth());
        bound(clipLow, h, range.min());
        bound(clipHigh, h, range.max());
    }

    private void drawPlanned(Histogram h, Range range) {
        bound(plannedLow, h, range.min());
        bound(plannedHigh, h, range.max());
    }

    private void bound(Line line, Histogram h, double value) {
        place(line, inPlot(h, value));
        line.setVisible(value >= h.min() && value <= h.max());
    }

    private double inPlot(Histogram h, double value) {
        return Math.clamp(x(h, value), LEFT, LEFT + plotWidth());
    }

    private void place(Rectangle area, double from, double to) {
        area.setX(from);
        area.setY(TOP);
        area.setWidth(Math.max(0, to - from));
        area.setHeight(plotHeight());
    }

    private void place(Line line, double x) {
        line.setStartX(x);
        line.setEndX(x);
        line.setStartY(TOP);
        line.setEndY(TOP + plotHeight());
    }

    private void read(MouseEvent event) {
        double inside = event.getX() - LEFT;
        if (data.isEmpty() || inside < 0 || inside >= plotWidth()) {
            hideReading();
            return;
        }
        HistogramPair pair = data.get();
        double value = pair.fp32().min() + inside / plotWidth() * (pair.fp32().max() - pair.fp32().min());
        reading.setText(words(pair, value));
        reading.setVisible(true);
        reading.autosize();
        double right = event.getX() + 14 + reading.getWidth();
        reading.relocate(Math.max(0, right > getWidth() ? event.getX() - 14 - reading.getWidth() : event.getX() + 14),
                Math.clamp(event.getY() - reading.getHeight() / 2, 0, Math.max(0, getHeight() - reading.getHeight())));
        place(cursor, LEFT + (pair.converted().bin(value) + 0.5) * plotWidth() / pair.converted().bins());
        cursor.setVisible(true);
    }

    /** Counts as they are, never densities: those of the fp32 bin and of the level that the mouse is at. */
    private String words(HistogramPair pair, double value) {
        Histogram a = pair.fp32();
        Histogram b = pair.converted();
        int at = a.bin(value);
        int level = b.bin(value);
        String from = number(a.min() + at * a.binWidth());
        String to = number(a.min() + (at + 1) * a.binWidth());
        return pair.levels()
                ? texts.text("reading.levels", from, to, grouped(a.count(at)), share(a, at), number(pair.level(level)),
                        grouped(b.count(level)), share(b, level))
                : texts.text("reading", from, to, grouped(a.count(at)), share(a, at), grouped(b.count(level)),
                        share(b, level));
    }

    private void hideReading() {
        reading.setVisible(false);
        cursor.setVisible(false);
    }

    private static String share(Histogram h, int bin) {
        long total = h.total();
        return String.format(Locale.ROOT, "%.2f %%", total == 0 ? 0 : 100.0 * h.count(bin) / total);
    }

    private static String number(double x) {
        return String.format(Locale.ROOT, "%.4g", x);
    }

    private static String grouped(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private double plotWidth() {
        return getWidth() - LEFT - RIGHT;
    }

    private double plotHeight() {
        return getHeight() - TOP - BOTTOM;
    }

    private double x(Histogram h, double value) {
        return LEFT + plotWidth() * (value - h.min()) / (h.max() - h.min());
    }

    private double y(double position) {
        return TOP + plotHeight() * (1 - position);
    }

    private static Path path(String style) {
        Path path = new Path();
        path.getStyleClass().add(style);
        path.setMouseTransparent(true);
        path.setManaged(false);
        return path;
    }

    private static Line line(String style) {
        Line line = new Line();
        line.getStyleClass().add(style);
        line.setMouseTransparent(true);
        line.setManaged(false);
        return line;
    }

    private void addLine(double x1, double y1, double x2, double y2) {
        Line line = new Line(x1, y1, x2, y2);
        line.getStyleClass().add("grid-line");
        grid.getChildren().add(line);
        line.applyCss();
    }

    private static Rectangle clippedArea() {
        Rectangle area = new Rectangle();
        area.getStyleClass().add("clipped-area");
        area.setMouseTransparent(true);
        area.setManaged(false);
        return area;
    }

    /** Layout comes after style sheets in a pulse, so what is made here is styled here, also to be measured. */
    private Text addText(String content) {
        Text text = new Text(content);
        text.getStyleClass().add("axis-text");
        grid.getChildren().add(text);
        text.applyCss();
        return text;
    }
}
