package quantscope.app.chart;

/** Where a chart draws, in pixels. */
record PlotArea(double left, double top, double width, double height) {

    /** @param share of the width, 0 to 1 */
    double x(double share) {
        return left + width * share;
    }

    /** @param position 0 is the bottom, 1 the top */
    double y(double position) {
        return top + height * (1 - position);
    }
}
