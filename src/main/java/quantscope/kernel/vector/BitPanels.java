package quantscope.kernel.vector;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;

/**
 * A binary convolution of an image with its padding around it: signs' bits, 64 channels in a long, [H][W][groups][words].
 * Weights are [groups][panels][taps][words][width]; bits beyond the last channel are 0.
 *
 * <p>Padding has no sign, but zeros are counted there like pluses: they differ where a weight is minus. How often is known
 * for each set of taps that lie in the padding, and is taken back.
 */
final class BitPanels {

    private final ConvShape shape;
    private final int words;
    private final PaddedPlaces places;
    private final int panels;
    private final long[] weights;
    /** Where each output pixel's taps begin; the last one is repeated to fill a tile. */
    private final int[] pixels;
    private final int[] images;
    /** Where each long of the depth is, from there. */
    private final int[] steps;
    /** Of each output pixel: which set of taps lies in the padding, and how many do not. */
    private final int[] sets;
    private final int[] taps;
    private final int[] minuses;

    BitPanels(KernelSpec.BinaryConv spec, int words) {
        shape = spec.shape();
        this.words = words;
        places = new PaddedPlaces(shape, Math.multiplyExact(shape.groups(), words));
        panels = (shape.outPerGroup() + BitTile.WIDTH - 1) / BitTile.WIDTH;
        weights = pack(spec.weight());
        pixels = places.pixels(BitTile.PIXELS);
        steps = new int[shape.taps() * words];
        for (int i = 0; i < steps.length; i++) {
            int tap = i / words;
            steps[i] = places.at(tap / shape.kernelW() * shape.dilationH(), tap % shape.kernelW() * shape.dilationW()) + i % words;
        }
        images = IntStream.range(0, BitTile.PIXELS).map(i -> 2 * i * words).toArray();
        sets = new int[shape.outPlane()];
        taps = new int[shape.outPlane()];
        Map<BitSet, Integer> known = new HashMap<>();
        known.put(new BitSet(), 0);
        for (int pixel = 0; pixel < sets.length; pixel++) {
            BitSet outside = outside(pixel);
            sets[pixel] = known.computeIfAbsent(outside, _ -> known.size());
            taps[pixel] = shape.taps() - outside.cardinality();
        }
        minuses = new int[Math.multiplyExact(known.size(), channels())];
        known.forEach((outside, set) -> count(outside, set, spec.weight()));
    }

    private BitSet outside(int pixel) {
        BitSet outside = new BitSet();
        for (int tap = 0; tap < shape.taps(); tap++) {
            outside.set(tap, shape.pixel(pixel / shape.outWidth(), pixel % shape.outWidth(), tap / shape.kernelW(),
                    tap % shape.kernelW()) < 0);
        }
        return outside;
    }

    private void count(BitSet outside, int set, float[] weight) {
        for (int o = 0; o < shape.outChannels() && !outside.isEmpty(); o++) {
            int n = 0;
            for (int k = 0; k < shape.depth(); k++) {
                n += outside.get(k / shape.inPerGroup()) && weight[shape.weight(o, k)] < 0 ? 1 : 0;
            }
            minuses[set * channels() + channel(o)] = n;
        }
    }

    private long[] pack(float[] source) {
        int depth = shape.taps() * words;
        long[] packed = new long[Math.multiplyExact(channels(), depth)];
        for (int o = 0; o < shape.outChannels(); o++) {
            int panel = channel(o) / BitTile.WIDTH;
            for (int k = 0; k < shape.depth(); k++) {
                if (source[shape.weight(o, k)] < 0) {
                    int step = k / shape.inPerGroup() * words + k % shape.inPerGroup() / 64;
                    packed[(panel * depth + step) * BitTile.WIDTH + channel(o) % BitTile.WIDTH] |= 1L << k % shape.inPerGroup();
                }
            }
        }
        return packed;
    }

    /** Output channels with those beyond the last of each group. */
    int channels() {
        return Math.multiplyExact(shape.groups() * panels, BitTile.WIDTH);
    }

    /** Where an output channel is among them. */
    int channel(int o) {
        return o / shape.outPerGroup() * panels * BitTile.WIDTH + o % shape.outPerGroup();
    }

    /** Panels of a group. */
    int panels() {
        return panels;
    }

    /** Longs of the image with its padding. */
    int imageSize() {
        return places.size();
    }

    /** Where a row of the image begins in the one with padding. */
    int row(int y) {
        return places.row(y);
    }

    /** Signs of a pixel where nothing but the padding has none. */
    int signs(int pixel) {
        return taps[pixel] * shape.inPerGroup();
    }

    /** Which set of taps of a pixel lies in the padding: 0 for none. */
    int set(int pixel) {
        return sets[pixel];
    }

    /** [sets][groups][panels][width]: minuses among the weights of these taps. */
    int[] minuses() {
        return minuses;
    }

    /** Adds a tile's counts, zeros in the padding taken for pluses. */
    void add(long[] bits, int image, int group, int panel, int pixel, long[] sums) {
        BitTile.add(bits, image + group * words, pixels, pixel, steps, weights, weight(group, panel), sums);
    }

    /** The same for a tile of images of one pixel each, every one followed by its masks. */
    void addImages(long[] bits, int first, int panel, long[] sums) {
        BitTile.add(bits, first, images, 0, steps, weights, weight(0, panel), sums);
    }

    void addOne(long[] bits, int image, int group, int panel, int pixel, long[] sums, int to) {
        BitTile.addOne(bits, image + group * words + pixels[pixel], steps, weights, weight(group, panel), sums, to);
    }

    /** Adds a pixel's counts where its masks, {@code masks} behind its bits, have ones. */
    void addMasked(long[] bits, int image, int masks, int group, int panel, int pixel, long[] sums, int to) {
        BitTile.addMasked(bits, image + group * words + pixels[pixel], masks, steps, weights, weight(group, panel),
                sums, to);
    }

    /** Ones among a pixel's masks. */
    int signs(long[] bits, int masksAt, int group, int pixel) {
        int signs = 0;
        for (int step : steps) {
            signs += Long.bitCount(bits[masksAt + group * words + pixels[pixel] + step]);
        }
        return signs;
    }

    private int weight(int group, int panel) {
        return (group * panels + panel) * shape.taps() * words * BitTile.WIDTH;
    }
}
