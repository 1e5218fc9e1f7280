package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Binary convolution: with m the mask of taps that have a sign, sum = popcount(m) - 2 popcount((x ^ w) & m). Padding
 * has no sign. Pixels are unrolled four at a time; the mask is left out where all of them are complete.
 */
final class BitConv implements Kernel {

    private static final int PIXELS = 4;

    private final ConvShape shape;
    private final float[] alpha;
    private final float[] bias;
    private final SignBits bits;
    private final long[] weights;
    private final int depth;
    private final int vectors;

    BitConv(KernelSpec.BinaryConv spec) {
        shape = spec.shape();
        alpha = spec.alpha();
        bias = spec.bias();
        bits = new SignBits(shape, spec.source());
        depth = shape.taps() * bits.words();
        vectors = (shape.outPerGroup() + BitTile.LANES - 1) / BitTile.LANES;
        weights = pack(spec.weight());
    }

    /** [groups][vectors][taps][words][lanes]; bits beyond the last channel are 0. */
    private long[] pack(float[] source) {
        long[] packed = new long[Math.multiplyExact(shape.groups() * vectors * BitTile.LANES, depth)];
        for (int o = 0; o < shape.outChannels(); o++) {
            int row = o % shape.outPerGroup();
            int vector = o / shape.outPerGroup() * vectors + row / BitTile.LANES;
            for (int c = 0; c < shape.inPerGroup(); c++) {
                for (int tap = 0; tap < shape.taps(); tap++) {
                    if (source[(o * shape.inPerGroup() + c) * shape.taps() + tap] < 0) {
                        int at = (vector * depth + tap * bits.words() + c / 64) * BitTile.LANES
                                + row % BitTile.LANES;
                        packed[at] |= 1L << c;
                    }
                }
            }
        }
        return packed;
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, PIXELS, Math.addExact(Math.multiplyExact(2, bits.size()),
                2 * PIXELS * depth + PIXELS * BitTile.LANES));
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        boolean complete = bits.pack(memory, inputs[0], 0, bits.size());
        for (int g = 0; g < shape.groups(); g++) {
            for (int pixel = 0; pixel < shape.outPlane(); pixel += PIXELS) {
                int n = Math.min(PIXELS, shape.outPlane() - pixel);
                boolean full = complete;
                for (int p = 0; p < n; p++) {
                    full &= unroll(memory, g, pixel + p, p);
                }
                multiply(memory, g, pixel, n, full && n == PIXELS, output);
            }
        }
    }

    /**
     * Gathers one pixel's longs and masks and counts its signs.
     *
     * @return whether no tap lies in the padding
     */
    private boolean unroll(Memory memory, int group, int pixel, int slot) {
        long[] longs = memory.scratchLongs();
        int words = bits.words();
        int y = pixel / shape.outWidth() * shape.strideH() - shape.padTop();
        int x = pixel % shape.outWidth() * shape.strideW() - shape.padLeft();
        int to = columns() + slot * depth;
        int signs = 0;
        boolean inside = true;
        for (int i = 0; i < shape.kernelH(); i++) {
            int row = y + i * shape.dilationH();
            for (int j = 0; j < shape.kernelW(); j++, to += words) {
                int column = x + j * shape.dilationW();
                boolean in = row >= 0 && row < shape.inHeight() && column >= 0 && column < shape.inWidth();
                inside &= in;
                int from = in ? (row * shape.inWidth() + column) * bits.pixelStride() + group * words : 0;
                for (int l = 0; l < words; l++) {
                    long mask = in ? longs[bits.size() + from + l] : 0;
                    longs[to + l] = in ? longs[from + l] : 0;
                    longs[to + PIXELS * depth + l] = mask;
                    signs += Long.bitCount(mask);
                }
            }
        }
        memory.scratchInts()[slot] = signs;
        return inside;
    }

    private void multiply(Memory memory, int group, int pixel, int n, boolean full, int output) {
        long[] longs = memory.scratchLongs();
        int x = columns();
        int masks = x + PIXELS * depth;
        int sums = masks + PIXELS * depth;
        for (int v = 0; v < vectors; v++) {
            int w = (group * vectors + v) * depth * BitTile.LANES;
            Arrays.fill(longs, sums, sums + PIXELS * BitTile.LANES, 0L);
            if (full) {
                BitTile.four(weights, w, longs, x, depth, longs, sums);
            } else if (n == PIXELS) {
                BitTile.fourMasked(weights, w, longs, x, masks, depth, longs, sums);
            } else {
                for (int p = 0; p < n; p++) {
                    BitTile.one(weights, w, longs, x + p * depth, masks + p * depth, depth, longs,
                            sums + p * BitTile.LANES);
                }
            }
            store(memory, group, v, pixel, n, sums, output);
        }
    }

    private void store(Memory memory, int group, int vector, int pixel, int n, int sums, int output) {
        int first = vector * BitTile.LANES;
        int lanes = Math.min(BitTile.LANES, shape.outPerGroup() - first);
        int channel = group * shape.outPerGroup() + first;
        for (int p = 0; p < n; p++) {
            int to = output + (pixel + p) * shape.outChannels() + channel;
            int from = sums + p * BitTile.LANES;
            for (int lane = 0; lane < lanes; lane++) {
                int sum = memory.scratchInts()[p] - 2 * (int) memory.scratchLongs()[from + lane];
                memory.floats()[to + lane] = sum * alpha[channel + lane] + bias[channel + lane];
            }
        }
    }

    /** Where the unrolled pixels begin, behind the image's bits and masks. */
    private int columns() {
        return 2 * bits.size();
    }
}
