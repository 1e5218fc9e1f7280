package quantscope.kernel.vector;

import quantscope.kernel.ConvShape;

/**
 * A convolution as a matrix product in panels: pixels [P/rows][K][rows], weights [O/width][K][width], products
 * [P/rows][O/width][rows][width]. Pixels and channels beyond the last are zeros.
 */
final class Panels {

    /** Elements of unrolled pixels that are kept at a time; they and their products stay in the second-level cache. */
    private static final int BLOCK = 96 * 1024;

    private final ConvShape shape;
    private final float[] weights;
    private final int depthBlock;
    private final int width;
    private final int rows;
    private final int channelPanels;
    private final int pixelPanels;
    private final int panelsAtATime;

    /**
     * @param weights    [O,I/groups,KH,KW]
     * @param depthBlock how many products are summed up before the sums are handed over
     */
    Panels(ConvShape shape, float[] weights, int depthBlock) {
        this.shape = shape;
        this.depthBlock = depthBlock;
        boolean narrow = shape.outPerGroup() <= Tile.LANES;
        width = narrow ? Tile.LANES : 2 * Tile.LANES;
        rows = narrow ? 12 : 6;
        channelPanels = (shape.outPerGroup() + width - 1) / width;
        pixelPanels = (shape.outPlane() + rows - 1) / rows;
        panelsAtATime = Math.clamp(BLOCK / ((long) rows * (shape.depth() + productStride() / rows)), 1, pixelPanels);
        this.weights = pack(weights);
    }

    private float[] pack(float[] source) {
        int depth = shape.depth();
        float[] packed = new float[Math.multiplyExact(shape.groups() * channelPanels * width, depth)];
        for (int o = 0; o < shape.outChannels(); o++) {
            int lane = o % shape.outPerGroup();
            int panel = o / shape.outPerGroup() * channelPanels + lane / width;
            for (int k = 0; k < depth; k++) {
                packed[(panel * depth + k) * width + lane % width] = source[shape.weight(o, k)];
            }
        }
        return packed;
    }

    /** Pixels of a panel. */
    int rows() {
        return rows;
    }

    /** Channels of a panel. */
    int width() {
        return width;
    }

    int channelPanels() {
        return channelPanels;
    }

    int pixelPanels() {
        return pixelPanels;
    }

    int panelsAtATime() {
        return panelsAtATime;
    }

    int depthBlock() {
        return depthBlock;
    }

    /** Elements of unrolled pixels. */
    int columnSize() {
        return Math.multiplyExact(panelsAtATime * rows, shape.depth());
    }

    /** Elements of products of one pixel panel. */
    int productStride() {
        return channelPanels * rows * width;
    }

    /** Elements of products. */
    int productSize() {
        return Math.multiplyExact(panelsAtATime, productStride());
    }

    /** Adds the products of a group's weights and some pixel panels, over depths from {@code k} to {@code end}. */
    void multiply(int group, int panels, int k, int end, float[] memory, int columns, int products) {
        int depth = shape.depth();
        for (int m = 0; m < channelPanels; m++) {
            int b = ((group * channelPanels + m) * depth + k) * width;
            for (int p = 0; p < panels; p++) {
                int a = columns + (p * depth + k) * rows;
                int c = products + p * productStride() + m * rows * width;
                if (rows == 6) {
                    Tile.wide(memory, a, weights, b, end - k, memory, c);
                } else {
                    Tile.narrow(memory, a, weights, b, end - k, memory, c);
                }
            }
        }
    }

    /**
     * Unrolls pixels: column [K][rows] of each panel, zeros for padding.
     *
     * @param in    the group's first channel of the first pixel
     * @param panel the first pixel panel
     */
    void unroll(float[] image, int in, int panel, int panels, float[] memory, int columns) {
        int depth = shape.depth();
        for (int p = 0; p < panels; p++) {
            int to = columns + p * depth * rows;
            for (int r = 0; r < rows; r++) {
                int pixel = (panel + p) * rows + r;
                if (pixel < shape.outPlane()) {
                    unroll(image, in, pixel, memory, to + r);
                } else {
                    zero(depth, memory, to + r);
                }
            }
        }
    }

    private void unroll(float[] image, int in, int pixel, float[] memory, int to) {
        int y = pixel / shape.outWidth();
        int x = pixel % shape.outWidth();
        int n = shape.inPerGroup();
        int rowTaps = shape.kernelW();
        boolean neighbours = shape.dilationW() == 1 && shape.groups() == 1;
        int at = to;
        for (int i = 0; i < shape.kernelH(); i++) {
            int first = shape.pixel(y, x, i, 0);
            if (neighbours && first >= 0 && shape.pixel(y, x, i, rowTaps - 1) >= 0) {
                // A whole row of taps is one run of the image.
                copy(image, in + first * n, rowTaps * n, memory, at);
                at += rowTaps * n * rows;
                continue;
            }
            for (int j = 0; j < rowTaps; j++, at += n * rows) {
                int source = shape.pixel(y, x, i, j);
                if (source < 0) {
                    zero(n, memory, at);
                } else {
                    copy(image, in + source * shape.inChannels(), n, memory, at);
                }
            }
        }
    }

    private void copy(float[] image, int from, int n, float[] memory, int to) {
        for (int c = 0; c < n; c++) {
            memory[to + c * rows] = image[from + c];
        }
    }

    private void zero(int n, float[] memory, int to) {
        for (int c = 0; c < n; c++) {
            memory[to + c * rows] = 0;
        }
    }
}
