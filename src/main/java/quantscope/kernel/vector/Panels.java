package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;

/**
 * A convolution as a matrix product in panels: weights [O/rows][K][rows], pixels [P/width][K][width], products
 * [P/width][O/rows][rows][width]. Rows and pixels beyond the last are zeros.
 */
final class Panels {

    /** Elements of unrolled pixels that are kept at a time; they and their products stay in the second-level cache. */
    private static final int BLOCK = 160 * 1024;

    private final ConvShape shape;
    private final float[] weights;
    private final int depthBlock;
    private final int width;
    private final int rows;
    private final int rowPanels;
    private final int pixelPanels;
    private final int panelsAtATime;
    private final int[] starts;

    /**
     * @param weights    [O,I/groups,KH,KW]
     * @param depthBlock how many products are summed up before the sums are handed over
     */
    Panels(ConvShape shape, float[] weights, int depthBlock) {
        this.shape = shape;
        this.depthBlock = depthBlock;
        boolean narrow = shape.outPlane() <= Tile.LANES;
        width = narrow ? Tile.LANES : 2 * Tile.LANES;
        rows = narrow ? 12 : 6;
        rowPanels = (shape.outPerGroup() + rows - 1) / rows;
        pixelPanels = (shape.outPlane() + width - 1) / width;
        panelsAtATime = Math.clamp(BLOCK / ((long) shape.depth() * width), 1, pixelPanels);
        starts = new int[shape.kernelW()];
        for (int j = 0; j < starts.length; j++) {
            int offset = j * shape.dilationW() - shape.padLeft();
            starts[j] = Math.floorMod(offset, shape.strideW()) * (rowSize() / shape.strideW())
                    + Math.floorDiv(offset, shape.strideW());
        }
        this.weights = pack(weights);
    }

    private float[] pack(float[] source) {
        int depth = shape.depth();
        float[] packed = new float[Math.multiplyExact(shape.groups() * rowPanels * rows, depth)];
        for (int o = 0; o < shape.outChannels(); o++) {
            int group = o / shape.outPerGroup();
            int row = o % shape.outPerGroup();
            int panel = group * rowPanels + row / rows;
            for (int k = 0; k < depth; k++) {
                packed[(panel * depth + k) * rows + row % rows] = source[o * depth + k];
            }
        }
        return packed;
    }

    int width() {
        return width;
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
        return panelsAtATime * shape.depth() * width;
    }

    /** Elements of products of one pixel panel. */
    int productStride() {
        return rowPanels * rows * width;
    }

    /** Elements of products. */
    int productSize() {
        return panelsAtATime * productStride();
    }

    /** Adds the products of a group's weights and some pixel panels, over depths from {@code k} to {@code end}. */
    void multiply(int group, int panels, int k, int end, float[] memory, int columns, int products) {
        int depth = shape.depth();
        for (int p = 0; p < panels; p++) {
            int b = columns + (p * depth + k) * width;
            for (int m = 0; m < rowPanels; m++) {
                int a = ((group * rowPanels + m) * depth + k) * rows;
                int c = products + p * productStride() + m * rows * width;
                if (rows == 6) {
                    Tile.wide(weights, a, memory, b, end - k, memory, c);
                } else {
                    Tile.narrow(weights, a, memory, b, end - k, memory, c);
                }
            }
        }
    }

    /** Elements of a row of the image as {@link #unroll} takes it. */
    private int rowSize() {
        return (shape.inWidth() + shape.strideW() - 1) / shape.strideW() * shape.strideW();
    }

    /** Elements of a channel of the image as {@link #unroll} takes it. */
    int planeSize() {
        return shape.inHeight() * rowSize();
    }

    /** Whether {@link #unroll} takes the image as it is. */
    boolean plain() {
        return shape.strideW() == 1;
    }

    /**
     * Sorts each row's columns by their remainder modulo the stride, so that neighbouring output pixels read
     * neighbouring elements: [C][H][stride][W/stride].
     */
    void sort(float[] image, int from, float[] sorted, int to) {
        int stride = shape.strideW();
        int part = rowSize() / stride;
        for (int row = 0; row < shape.inChannels() * shape.inHeight(); row++) {
            int in = from + row * shape.inWidth();
            for (int phase = 0; phase < stride; phase++) {
                int out = to + row * rowSize() + phase * part;
                int n = (shape.inWidth() - phase + stride - 1) / stride;
                for (int i = 0; i < n; i++) {
                    sorted[out + i] = image[in + phase + i * stride];
                }
            }
        }
    }

    /**
     * Unrolls pixels: column [K][width] of each, zeros for padding.
     *
     * @param image sorted by {@link #sort} unless {@link #plain}
     * @param in    the group's first channel
     * @param panel the first pixel panel
     */
    void unroll(float[] image, int in, int panel, int panels, float[] memory, int columns) {
        for (int p = 0; p < panels; p++) {
            int first = (panel + p) * width;
            int n = Math.min(width, shape.outPlane() - first);
            int to = columns + p * shape.depth() * width;
            if (n < width) {
                Arrays.fill(memory, to, to + shape.depth() * width, 0f);
            }
            for (int done = 0; done < n;) {
                int y = (first + done) / shape.outWidth();
                int x = (first + done) % shape.outWidth();
                int run = Math.min(n - done, shape.outWidth() - x);
                unrollRow(image, in, y, x, run, memory, to + done);
                done += run;
            }
        }
    }

    /** Unrolls {@code n} neighbouring pixels of output row {@code y}. */
    private void unrollRow(float[] image, int in, int y, int x, int n, float[] memory, int to) {
        ConvShape s = shape;
        int k = to;
        for (int c = 0; c < s.inPerGroup(); c++) {
            int plane = in + c * planeSize();
            for (int i = 0; i < s.kernelH(); i++) {
                int row = y * s.strideH() + i * s.dilationH() - s.padTop();
                boolean outside = row < 0 || row >= s.inHeight();
                for (int j = 0; j < s.kernelW(); j++, k += width) {
                    int column = x * s.strideW() + j * s.dilationW() - s.padLeft();
                    int low = outside ? n : Math.min(n, firstInside(column));
                    int high = outside ? n : Math.max(low, Math.min(n, firstBeyond(column)));
                    for (int t = 0; t < low; t++) {
                        memory[k + t] = 0;
                    }
                    int from = plane + row * rowSize() + x + starts[j];
                    if (low < high) {
                        System.arraycopy(image, from + low, memory, k + low, high - low);
                    }
                    for (int t = high; t < n; t++) {
                        memory[k + t] = 0;
                    }
                }
            }
        }
    }

    /** The first of the pixels whose column is not left of the image. */
    private int firstInside(int column) {
        return column >= 0 ? 0 : (-column + shape.strideW() - 1) / shape.strideW();
    }

    /** The first of the pixels whose column is right of the image. */
    private int firstBeyond(int column) {
        int room = shape.inWidth() - column;
        return room <= 0 ? 0 : (room + shape.strideW() - 1) / shape.strideW();
    }
}
