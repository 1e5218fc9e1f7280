package quantscope.app.chart;

import java.util.function.IntToDoubleFunction;
import javafx.scene.shape.ClosePath;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import quantscope.figure.CountScale;

/** Puts counts over equal bins, from the plot's left to its right end, into paths. */
record DrawHistogram(PlotArea plot, CountScale scale) {

    private static final double BAR_SHARE = 0.55;
    private static final double WIDEST_BAR = 9;
    private static final double CUT = 4;

    /** Steps, closed along the bottom. */
    void area(Path path, int bins, IntToDoubleFunction counts) {
        path.getElements().add(new MoveTo(plot.left(), plot.y(0)));
        steps(path, bins, counts);
        path.getElements().addAll(new LineTo(plot.x(1), plot.y(0)), new ClosePath());
    }

    /** The steps alone. */
    void line(Path path, int bins, IntToDoubleFunction counts) {
        path.getElements().add(new MoveTo(plot.left(), y(counts.applyAsDouble(0))));
        steps(path, bins, counts);
    }

    private void steps(Path path, int bins, IntToDoubleFunction counts) {
        for (int i = 0; i < bins; i++) {
            double y = y(counts.applyAsDouble(i));
            path.getElements().addAll(new LineTo(plot.x((double) i / bins), y),
                    new LineTo(plot.x((i + 1.0) / bins), y));
        }
    }

    /** A bar in the middle of each bin that is not empty. */
    void bars(Path path, int bins, IntToDoubleFunction counts) {
        double half = Math.min(WIDEST_BAR, BAR_SHARE * plot.width() / bins) / 2;
        for (int i = 0; i < bins; i++) {
            double count = counts.applyAsDouble(i);
            if (count > 0) {
                double x = plot.x((i + 0.5) / bins);
                path.getElements().addAll(new MoveTo(x - half, plot.y(0)), new LineTo(x - half, y(count)),
                        new LineTo(x + half, y(count)), new LineTo(x + half, plot.y(0)), new ClosePath());
            }
        }
    }

    /** An arrowhead at the top over each bin that reaches beyond it. */
    void cut(Path path, int bins, IntToDoubleFunction counts) {
        for (int i = 0; i < bins; i++) {
            if (scale.position(counts.applyAsDouble(i)) > 1) {
                double x = plot.x((i + 0.5) / bins);
                path.getElements().addAll(new MoveTo(x - CUT, plot.top()), new LineTo(x, plot.top() - CUT),
                        new LineTo(x + CUT, plot.top()), new ClosePath());
            }
        }
    }

    private double y(double count) {
        return plot.y(Math.min(1, scale.position(count)));
    }
}
