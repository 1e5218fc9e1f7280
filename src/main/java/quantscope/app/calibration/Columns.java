package quantscope.app.calibration;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/**
 * Sections below each other in as many columns as fit, in reading order, columns about equally high. They are equally
 * wide, but the last one, which a table stands in, is wider.
 */
final class Columns extends Region {

    private static final double GAP = 16;
    /** Width of the last column as a multiple of the others', by the number of columns. */
    private static final double[] LAST = {1, 1, 1.25, 1.6};

    private final double narrowest;

    /** @param narrowest width of a column in pixels */
    Columns(double narrowest, Node... sections) {
        this.narrowest = narrowest;
        getChildren().addAll(sections);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computePrefWidth(double height) {
        return narrowest + horizontal();
    }

    @Override
    protected double computePrefHeight(double width) {
        double inner = (width < 0 ? prefWidth(-1) : width) - horizontal();
        List<List<Node>> columns = columns(inner);
        double highest = 0;
        for (int c = 0; c < columns.size(); c++) {
            highest = Math.max(highest, height(columns.get(c), columnWidth(inner, c)));
        }
        return vertical() + highest;
    }

    @Override
    protected void layoutChildren() {
        double inner = getWidth() - horizontal();
        double x = getInsets().getLeft();
        List<List<Node>> columns = columns(inner);
        for (int c = 0; c < columns.size(); c++) {
            double width = columnWidth(inner, c);
            double y = getInsets().getTop();
            for (Node node : columns.get(c)) {
                double height = node.prefHeight(width);
                node.resizeRelocate(snapPositionX(x), snapPositionY(y), snapSizeX(width), snapSizeY(height));
                y += height + GAP;
            }
            x += width + GAP;
        }
    }

    private int count(double inner) {
        int visible = (int) getManagedChildren().stream().count();
        return Math.clamp((int) ((inner + GAP) / (narrowest + GAP)), 1, Math.max(1, visible));
    }

    private double columnWidth(double inner, int column) {
        int count = count(inner);
        double last = LAST[Math.min(count, LAST.length - 1)];
        double share = (inner - (count - 1) * GAP) / (count - 1 + last);
        return Math.floor(column == count - 1 ? last * share : share);
    }

    /** A section goes to the next column once its middle would lie below an equal share of the whole height. */
    private List<List<Node>> columns(double inner) {
        int count = count(inner);
        double width = columnWidth(inner, 0);
        double share = height(getManagedChildren(), width) / count;
        List<List<Node>> columns = new ArrayList<>();
        columns.add(new ArrayList<>());
        double y = 0;
        for (Node node : getManagedChildren()) {
            double height = node.prefHeight(width);
            boolean below = y + height / 2 > share * columns.size();
            if (below && columns.size() < count && !columns.getLast().isEmpty()) {
                columns.add(new ArrayList<>());
            }
            columns.getLast().add(node);
            y += height + GAP;
        }
        return columns;
    }

    private static double height(List<Node> nodes, double width) {
        return nodes.stream().mapToDouble(n -> n.prefHeight(width) + GAP).sum() - (nodes.isEmpty() ? 0 : GAP);
    }

    private double horizontal() {
        return getInsets().getLeft() + getInsets().getRight();
    }

    private double vertical() {
        return getInsets().getTop() + getInsets().getBottom();
    }
}
