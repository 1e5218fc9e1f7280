package quantscope.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Binary convolution: sum = signs - 2 * (signs that differ). Where each element has a sign, bits are counted without masks and
 * what the padding added is taken back; else pixel by pixel with masks.
 */
final class BitConv implements Kernel {

    private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
    private static final VectorShape HALF = VectorShape.forBitSize(LONGS.vectorBitSize() / 2);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, HALF);
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, HALF);

    private static final int SUMS = BitTile.PIXELS * BitTile.WIDTH;

    private final ConvShape shape;
    private final SignBits bits;
    private final BitPanels panels;
    private final float[] alpha;
    private final float[] bias;

    BitConv(KernelSpec.BinaryConv spec) {
        shape = spec.shape();
        bits = new SignBits(shape, spec.source());
        panels = new BitPanels(spec, bits.words());
        alpha = new float[panels.channels()];
        bias = new float[panels.channels()];
        for (int o = 0; o < shape.outChannels(); o++) {
            alpha[panels.channel(o)] = spec.alpha()[o];
            bias[panels.channel(o)] = spec.bias()[o];
        }
    }

    @Override
    public String way() {
        return "Vector API";
    }

    /** Sums, then bits, then masks; of a linear layer for several images. */
    @Override
    public Scratch scratch() {
        int images = Math.multiplyExact(2, panels.imageSize());
        return new Scratch(0, BitTile.PIXELS, Math.addExact(SUMS, gainsFromRows() ? Math.multiplyExact(BitTile.PIXELS, images) : images));
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        long[] longs = memory.scratchLongs();
        boolean complete = pack(memory, inputs[0], SUMS, SUMS + panels.imageSize());
        for (int g = 0; g < shape.groups(); g++) {
            for (int panel = 0; panel < panels.panels(); panel++) {
                for (int pixel = 0; pixel < shape.outPlane(); pixel += BitTile.PIXELS) {
                    int n = Math.min(BitTile.PIXELS, shape.outPlane() - pixel);
                    Arrays.fill(longs, 0, SUMS, 0L);
                    if (complete && n > 1) {
                        panels.add(longs, SUMS, g, panel, pixel, longs);
                    } else {
                        for (int p = 0; p < n; p++) {
                            add(longs, SUMS, complete, g, panel, pixel + p, p * BitTile.WIDTH);
                        }
                    }
                    for (int p = 0; p < n; p++) {
                        signs(memory, SUMS, complete, g, pixel + p, p);
                    }
                    store(memory, complete, g, panel, pixel, n, output + pixel * shape.outChannels() + g * shape.outPerGroup()
                            + panel * BitTile.WIDTH, shape.outChannels());
                }
            }
        }
    }

    /** Where a linear layer's image of a tile begins. */
    private int image(int i) {
        return SUMS + 2 * i * panels.imageSize();
    }

    /** Counts a pixel's signs. */
    private void signs(Memory memory, int image, boolean complete, int group, int pixel, int to) {
        memory.scratchInts()[to] = complete ? panels.signs(pixel)
                : panels.signs(memory.scratchLongs(), image + panels.imageSize(), group, pixel);
    }

    private void add(long[] longs, int image, boolean complete, int group, int panel, int pixel, int to) {
        if (complete) {
            panels.addOne(longs, image, group, panel, pixel, longs, to);
        } else {
            panels.addMasked(longs, image, panels.imageSize(), group, panel, pixel, longs, to);
        }
    }

    /** Packs an image into its padding. */
    private boolean pack(Memory memory, int from, int to, int masks) {
        long[] longs = memory.scratchLongs();
        int row = shape.inWidth() * shape.groups() * bits.words();
        if (panels.imageSize() > shape.inHeight() * row) {
            Arrays.fill(longs, to, to + panels.imageSize(), 0L);
            Arrays.fill(longs, masks, masks + panels.imageSize(), 0L);
        }
        boolean complete = true;
        for (int y = 0; y < shape.inHeight(); y++) {
            complete &= bits.pack(memory, from + y * shape.inWidth() * shape.inChannels(), row, to + panels.row(y),
                    masks + panels.row(y));
        }
        return complete;
    }

    /**
     * Takes counts of signs that differ to values.
     *
     * <p>Signs of each pixel are in {@link Memory#scratchInts()}.
     *
     * @param taken whether zeros in the padding were taken for pluses
     * @param at    where the first pixel's channels of the group and panel begin
     * @param next  from a pixel's values to the next one's
     */
    private void store(Memory memory, boolean taken, int group, int panel, int pixel, int pixels, int at, int next) {
        long[] differ = memory.scratchLongs();
        int[] signs = memory.scratchInts();
        int[] minuses = panels.minuses();
        float[] out = memory.floats();
        int channel = (group * panels.panels() + panel) * BitTile.WIDTH;
        int count = Math.min(BitTile.WIDTH, shape.outPerGroup() - panel * BitTile.WIDTH);
        for (int lane = 0; lane < count; lane += FLOATS.length()) {
            FloatVector factor = FloatVector.fromArray(FLOATS, alpha, channel + lane);
            FloatVector offset = FloatVector.fromArray(FLOATS, bias, channel + lane);
            boolean all = count - lane >= FLOATS.length();
            for (int p = 0; p < pixels; p++) {
                // The first set of taps in the padding is the empty one.
                int set = taken ? panels.set(pixel + p) : 0;
                IntVector counts = (IntVector) LongVector.fromArray(LONGS, differ, p * BitTile.WIDTH + lane)
                        .convertShape(VectorOperators.L2I, INTS, 0);
                IntVector half = counts.sub(IntVector.fromArray(INTS, minuses, set * panels.channels() + channel + lane));
                FloatVector sum = (FloatVector) IntVector.broadcast(INTS, signs[p]).sub(half.add(half))
                        .convertShape(VectorOperators.I2F, FLOATS, 0);
                FloatVector value = sum.mul(factor).add(offset);
                int to = at + p * next + lane;
                if (all) {
                    value.intoArray(out, to);
                } else {
                    value.intoArray(out, to, FLOATS.indexInRange(0, count - lane));
                }
            }
        }
    }

    /** Where inputs are one pixel: each image is one of a tile's. */
    @Override
    public boolean gainsFromRows() {
        return shape.taps() == 1 && shape.inPlane() == 1 && shape.outPlane() == 1 && shape.groups() == 1
                && panels.imageSize() == bits.words();
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (!gainsFromRows()) {
            Kernel.super.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        int tiles = (rows + BitTile.PIXELS - 1) / BitTile.PIXELS;
        memory.each(tiles, (own, tile) -> {
            int first = tile * BitTile.PIXELS;
            tile(own, input + first * inStride, output + first * outStride, Math.min(BitTile.PIXELS, rows - first), inStride, outStride);
        });
    }

    private void tile(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        long[] longs = memory.scratchLongs();
        boolean complete = true;
        for (int i = 0; i < rows; i++) {
            complete &= pack(memory, input + i * inStride, image(i), image(i) + panels.imageSize());
        }
        for (int i = 0; i < rows; i++) {
            signs(memory, image(i), complete, 0, 0, i);
        }
        for (int panel = 0; panel < panels.panels(); panel++) {
            Arrays.fill(longs, 0, SUMS, 0L);
            if (complete) {
                panels.addImages(longs, SUMS, panel, longs);
            } else {
                for (int i = 0; i < rows; i++) {
                    add(longs, image(i), false, 0, panel, 0, i * BitTile.WIDTH);
                }
            }
            store(memory, false, 0, panel, 0, rows, output + panel * BitTile.WIDTH, outStride);
        }
    }
}
