package quantscope.export.report;

import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import quantscope.compare.ActivationInsight.Range;
import quantscope.compare.HistogramPair;
import quantscope.figure.CountScale;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.figure.Ticks;
import quantscope.quant.Histogram;

/** A small picture of two histograms of the same values, drawn as the window draws them, on a linear scale. */
final class HistogramSvg {

    private static final double WIDTH = 230;
    private static final double HEIGHT = 112;
    private static final double LEFT = 30;
    private static final double RIGHT = 6;
    private static final double TOP = 8;
    private static final double BOTTOM = 16;
    private static final double PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final double PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final double BAR_SHARE = 0.55;
    private static final double WIDEST_BAR = 6;
    private static final double CUT = 3;
    private static final double FINE_BIN = 2;
    private static final double DWARFING = 4;
    private static final double HEADROOM = 1.5;

    private final Markup svg;
    private final HistogramPair pair;
    private final Optional<Range> clip;
    private final Optional<Range> planned;
    private final CountScale scale;

    HistogramSvg(Markup svg, HistogramPair pair, Optional<Range> clip, Optional<Range> planned) {
        this.svg = svg;
        this.pair = pair;
        this.clip = clip;
        this.planned = planned.filter(p -> !clip.equals(Optional.of(p)));
        this.scale = scale(pair);
    }

    /**
     * The window's linear scale, but where one level holds most of all values (zeros behind a ReLU) made for the others: a
     * picture of this size would show nothing else.
     */
    private static CountScale scale(HistogramPair pair) {
        CountScale all = CountScale.of(pair, false);
        long highest = 0;
        long second = 0;
        for (int i = 0; i < pair.converted().bins(); i++) {
            long count = pair.converted().count(i);
            second = Math.max(second, Math.min(count, highest));
            highest = Math.max(highest, count);
        }
        return second > 0 && highest > DWARFING * second ? new CountScale(HEADROOM * second, false) : all;
    }

    void draw(String label) {
        svg.begin("svg", "class", "histogram", "viewBox", "0 0 " + Markup.px(WIDTH) + " " + Markup.px(HEIGHT), "role", "img",
                "aria-label", label);
        countAxis();
        valueAxis();
        clip.ifPresent(this::clipped);
        int bins = pair.fp32().bins();
        svg.empty("path", "class", "h-fp32" + fine(bins), "d", area(bins, pair::fp32Density));
        int others = pair.converted().bins();
        svg.empty("path", "class", pair.levels() ? "h-levels" : "h-converted" + fine(others), "d",
                pair.levels() ? bars(others, pair.converted()::count) : area(others, pair.converted()::count));
        cut(bins, pair::fp32Density, "h-cut");
        cut(others, pair.converted()::count, "h-cut-levels");
        planned.ifPresent(range -> bounds(range, "h-planned"));
        clip.ifPresent(range -> bounds(range, "h-clip"));
        svg.end("svg");
    }

    /** The outline of narrow bins would fill them. */
    private static String fine(int bins) {
        return PLOT_WIDTH < FINE_BIN * bins ? " h-fine" : "";
    }

    private void countAxis() {
        for (double tick : Ticks.linear(0, scale.max(), 3)) {
            double y = y(tick);
            svg.empty("path", "class", "h-grid", "d", "M" + Markup.px(LEFT) + " " + Markup.px(y) + "h" + Markup.px(PLOT_WIDTH));
            text(LEFT - 4, y + 3, "end", Formats.count(Math.round(tick)).replace(" ", ""));
        }
    }

    private void valueAxis() {
        Histogram h = pair.fp32();
        double step = Ticks.step((h.max() - h.min()) / 4);
        for (double tick : Ticks.linear(h.min(), h.max(), 4)) {
            double x = x(tick);
            svg.empty("path", "class", "h-tick", "d", "M" + Markup.px(x) + " " + Markup.px(TOP + PLOT_HEIGHT) + "v3");
            text(Math.clamp(x, LEFT, WIDTH - 12), HEIGHT - 3, "middle", Ticks.label(tick, step));
        }
    }

    private void text(double x, double y, String anchor, String text) {
        svg.element("text", text, "class", "h-text", "x", Markup.px(x), "y", Markup.px(y), "text-anchor", anchor);
    }

    /** What lies outside of the clip range, shaded. */
    private void clipped(Range range) {
        shade(LEFT, inPlot(range.min()));
        shade(inPlot(range.max()), LEFT + PLOT_WIDTH);
    }

    private void shade(double from, double to) {
        if (to - from > 0.05) {
            svg.empty("rect", "class", "h-clipped", "x", Markup.px(from), "y", Markup.px(TOP), "width", Markup.px(to - from),
                    "height", Markup.px(PLOT_HEIGHT));
        }
    }

    private void bounds(Range range, String style) {
        for (float value : new float[] {range.min(), range.max()}) {
            if (value >= pair.fp32().min() && value <= pair.fp32().max()) {
                svg.empty("path", "class", style, "d", "M" + Markup.px(x(value)) + " " + Markup.px(TOP) + "v"
                        + Markup.px(PLOT_HEIGHT));
            }
        }
    }

    /** Steps, closed along the bottom. */
    private String area(int bins, IntToDoubleFunction counts) {
        StringBuilder d = new StringBuilder("M" + Markup.px(LEFT) + " " + Markup.px(y(0)));
        for (int i = 0; i < bins; i++) {
            d.append('V').append(Markup.px(y(counts.applyAsDouble(i)))).append('H')
                    .append(Markup.px(LEFT + PLOT_WIDTH * (i + 1) / bins));
        }
        return d.append('V').append(Markup.px(y(0))).append('Z').toString();
    }

    /** A bar in the middle of each bin that is not empty. */
    private String bars(int bins, IntToDoubleFunction counts) {
        double width = Math.min(WIDEST_BAR, BAR_SHARE * PLOT_WIDTH / bins);
        StringBuilder d = new StringBuilder();
        for (int i = 0; i < bins; i++) {
            double count = counts.applyAsDouble(i);
            if (count > 0) {
                double left = LEFT + PLOT_WIDTH * (i + 0.5) / bins - width / 2;
                d.append(String.format(java.util.Locale.ROOT, "M%.2f %sV%sH%.2fV%s", left, Markup.px(y(0)), Markup.px(y(count)),
                        left + width, Markup.px(y(0))));
            }
        }
        return d.toString();
    }

    /** An arrowhead at the top over each bin that reaches beyond it. */
    private void cut(int bins, IntToDoubleFunction counts, String style) {
        StringBuilder d = new StringBuilder();
        for (int i = 0; i < bins; i++) {
            if (scale.position(counts.applyAsDouble(i)) > 1) {
                double x = LEFT + PLOT_WIDTH * (i + 0.5) / bins;
                d.append('M').append(Markup.px(x - CUT)).append(' ').append(Markup.px(TOP)).append('L').append(Markup.px(x))
                        .append(' ').append(Markup.px(TOP - CUT)).append('L').append(Markup.px(x + CUT)).append(' ')
                        .append(Markup.px(TOP)).append('Z');
            }
        }
        if (!d.isEmpty()) {
            svg.empty("path", "class", style, "d", d.toString());
        }
    }

    private double inPlot(double value) {
        return Math.clamp(x(value), LEFT, LEFT + PLOT_WIDTH);
    }

    private double x(double value) {
        Histogram h = pair.fp32();
        return LEFT + PLOT_WIDTH * (value - h.min()) / (h.max() - h.min());
    }

    private double y(double count) {
        return TOP + PLOT_HEIGHT * (1 - Math.min(1, scale.position(count)));
    }
}
