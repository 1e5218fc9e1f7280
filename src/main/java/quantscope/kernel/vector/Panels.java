package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;

/**
 * A convolution of an image with its padding around it, without unrolling it: of each output pixel, the taps of a kernel row
 * lie side by side in [H,W,C] and are one run, or a run each where they are dilated or in groups. Weights are
 * [O/width][K][width], in the runs' order; channels beyond the last are zeros.
 */
final class Panels {

    private final ConvShape shape;
    private final float[] weights;
    private final int width;
    private final int channelPanels;
    private final PaddedPlaces places;
    /** Where each output pixel's taps begin; the last one is repeated to fill a tile. */
    private final int[] pixels;
    /** Where runs begin, from there. */
    private final int[] runs;
    private final int runLength;

    /** @param weights [O,I/groups,KH,KW] */
    Panels(ConvShape shape, float[] weights) {
        this.shape = shape;
        width = shape.outPerGroup() <= Tile.LANES ? Tile.LANES : 2 * Tile.LANES;
        channelPanels = (shape.outPerGroup() + width - 1) / width;
        places = new PaddedPlaces(shape, shape.inChannels());
        pixels = places.pixels(Tile.MOST_PIXELS);
        boolean rows = shape.groups() == 1 && shape.dilationW() == 1;
        runLength = rows ? shape.kernelW() * shape.inChannels() : shape.inPerGroup();
        runs = new int[shape.depth() / runLength];
        for (int i = 0; i < runs.length; i++) {
            int row = rows ? i : i / shape.kernelW();
            int column = rows ? 0 : i % shape.kernelW();
            runs[i] = places.at(row * shape.dilationH(), column * shape.dilationW());
        }
        this.weights = pack(weights);
    }

    private float[] pack(float[] source) {
        int depth = shape.depth();
        float[] packed = new float[Math.multiplyExact(Math.multiplyExact(shape.groups() * channelPanels, width), depth)];
        for (int o = 0; o < shape.outChannels(); o++) {
            int lane = o % shape.outPerGroup();
            int panel = o / shape.outPerGroup() * channelPanels + lane / width;
            for (int k = 0; k < depth; k++) {
                packed[(panel * depth + k) * width + lane % width] = source[shape.weight(o, k)];
            }
        }
        return packed;
    }

    /** Channels of a panel. */
    int width() {
        return width;
    }

    /** Of a group. */
    int channelPanels() {
        return channelPanels;
    }

    /** Pixels of a tile. */
    int pixelsOfTile() {
        return width == Tile.LANES ? Tile.MOST_PIXELS : Tile.PIXELS;
    }

    /** Elements of the sums of a tile. */
    int sums() {
        return Tile.MOST_PIXELS * width;
    }

    /** Whether the image with its padding is the image. */
    boolean plain() {
        return places.plain();
    }

    /** Elements of the image with its padding. */
    int imageSize() {
        return places.size();
    }

    /** Where a row of the image begins in the one with padding. */
    int row(int y) {
        return places.row(y);
    }

    /** Copies an image into its padding of zeros. */
    void pad(float[] image, int from, float[] to, int at) {
        Arrays.fill(to, at, at + imageSize(), 0f);
        int n = shape.inWidth() * shape.inChannels();
        for (int y = 0; y < shape.inHeight(); y++) {
            System.arraycopy(image, from + y * n, to, at + row(y), n);
        }
    }

    /** Runs of the depth, each of so many products. */
    int runs() {
        return runs.length;
    }

    int runLength() {
        return runLength;
    }

    /**
     * Adds a run's products, or some of them, of a tile.
     *
     * @param image where the image with its padding begins in {@code from}
     * @param pixel the tile's first
     * @param first of the run's products
     */
    void multiply(float[] from, int image, int group, int panel, int pixel, int run, int first, int n, float[] sums) {
        int at = image + group * shape.inPerGroup() + runs[run] + first;
        int w = ((group * channelPanels + panel) * shape.depth() + run * runLength + first) * width;
        if (width == Tile.LANES) {
            Tile.narrow(from, at, pixels, pixel, weights, w, n, sums);
        } else {
            Tile.wide(from, at, pixels, pixel, Math.min(Tile.PIXELS, shape.outPlane() - pixel), weights, w, n, sums);
        }
    }

    /** Adds a linear layer's products of a tile of images, which begin anywhere. */
    void multiply(float[] from, int[] images, int count, int group, int panel, float[] sums) {
        int w = (group * channelPanels + panel) * shape.depth() * width;
        if (width == Tile.LANES) {
            Tile.narrow(from, group * shape.inPerGroup(), images, 0, weights, w, shape.depth(), sums);
        } else {
            Tile.wide(from, group * shape.inPerGroup(), images, 0, count, weights, w, shape.depth(), sums);
        }
    }

    /** Adds all products of the only pixel by up to four panels, whose sums follow one another. */
    void single(float[] from, int image, int group, int panel, int n, float[] sums) {
        for (int run = 0; run < runs.length; run++) {
            if (width == Tile.LANES) {
                multiply(from, image, group, panel, 0, run, 0, runLength, sums);
            } else {
                Tile.single(from, image + group * shape.inPerGroup() + runs[run], weights,
                        ((group * channelPanels + panel) * shape.depth() + run * runLength) * width, shape.depth() * width, n,
                        runLength, sums);
            }
        }
    }
}
