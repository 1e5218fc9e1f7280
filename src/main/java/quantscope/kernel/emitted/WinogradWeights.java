package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;

/** A layer's weights at Winograd's points: for each pair of points a matrix of input by output channels. */
record WinogradWeights(KernelSpec.Int8Conv spec, Way way) {

    private static final int POINTS = WinogradMatrices.MOST_POINTS;
    private static final int PAIRS = POINTS * POINTS;
    private static final int SIDE = 3;
    private static final int TAPS = SIDE * SIDE;
    /** Input channels that are transformed before they are copied, an even number. */
    private static final int TOGETHER = 16;
    private static final int[][] G = WinogradMatrices.weight();

    /** The largest magnitude of any output's sum over (x - z) * w, with what is added to it. */
    static long largestSum(KernelSpec.Int8Conv spec) {
        int depth = spec.shape().depth();
        long largest = 0;
        for (int o = 0; o < spec.shape().outChannels(); o++) {
            long positive = 0;
            long negative = 0;
            for (int i = o * depth; i < (o + 1) * depth; i++) {
                positive += Math.max(0, spec.weight()[i]);
                negative += Math.max(0, -spec.weight()[i]);
            }
            int above = spec.largestLevel() - spec.inputZeroPoint();
            int below = spec.inputZeroPoint();
            long sum = Math.max(positive * above + negative * below, positive * below + negative * above);
            largest = Math.max(largest, sum + Math.abs((long) spec.requantize().offset()[o]));
        }
        return largest;
    }

    /** Input channels of a part, up to whole vectors of words. */
    int channels() {
        int words = way.bits() / 16;
        return (spec.shape().inChannels() + words - 1) / words * words;
    }

    WinogradParts parts() {
        return new WinogradParts(spec.shape().kernelH(), spec.shape().kernelW());
    }

    /** The matrices of some output channels for each pair of points, as {@link Tile} takes them. */
    List<MemorySegment> block(int first, int channels, int vectors, WeightMemory memory) {
        BlockLayout layout = new BlockLayout(way, vectors);
        WinogradParts parts = parts();
        long[] ends = ends(layout);
        // One after the other: each is fetched while the one before it is used.
        MemorySegment all = memory.allocate(ends[PAIRS]);
        for (int pair = 0; pair < PAIRS; pair++) {
            all.set(ValueLayout.JAVA_LONG, ends[pair] + BlockLayout.WEIGHTS, all.address() + ends[pair] + layout.headBytes());
        }
        short[][] some = new short[PAIRS][TOGETHER * vectors * way.lanes()];
        for (int part = 0; part < parts.count(); part++) {
            for (int c = 0; c < spec.shape().inChannels(); c += TOGETHER) {
                int n = Math.min(TOGETHER, spec.shape().inChannels() - c);
                transform(first, channels, c, n, part, vectors * way.lanes(), some);
                for (int pair = 0; pair < PAIRS; pair++) {
                    if (parts.has(part, pair / POINTS, pair % POINTS)) {
                        long step = steps(parts.before(part, pair / POINTS, pair % POINTS)) + c / 2;
                        MemorySegment.copy(some[pair], 0, all, ValueLayout.JAVA_SHORT,
                                ends[pair] + layout.headBytes() + step * layout.stepBytes(),
                                (n + 1) / 2 * layout.stepBytes() / Short.BYTES);
                    }
                }
            }
        }
        return IntStream.range(0, PAIRS).mapToObj(i -> all.asSlice(ends[i], ends[i + 1] - ends[i])).toList();
    }

    /** Of a block's matrices. */
    long bytes(int vectors) {
        return ends(new BlockLayout(way, vectors))[PAIRS];
    }

    /** Where each pair's matrix ends, behind 0. */
    private long[] ends(BlockLayout layout) {
        WinogradParts parts = parts();
        long[] ends = new long[PAIRS + 1];
        for (int pair = 0; pair < PAIRS; pair++) {
            ends[pair + 1] = ends[pair] + layout.headBytes()
                    + steps(parts.at(pair / POINTS, pair % POINTS)) * layout.stepBytes();
        }
        return ends;
    }

    /** Steps that some parts' channels take, two channels each. */
    private long steps(int parts) {
        return (long) parts * channels() / 2;
    }

    /**
     * Takes a part's weights of some input channels to the points, G w G^T: at most 49 times the largest of 3 x 3 weights, so
     * they fit 16 bits.
     *
     * @param width lanes of a step
     * @param to    for each pair of points [step][lane][2]
     */
    private void transform(int first, int channels, int firstIn, int inChannels, int part, int width, short[][] to) {
        ConvShape s = spec.shape();
        int[] taps = new int[TAPS];
        for (int i = 0; i < TAPS; i++) {
            taps[i] = parts().tap(part, i);
        }
        int[] w = new int[TAPS];
        int[] down = new int[POINTS * SIDE];
        if (inChannels % 2 == 1) {
            // The last step's second channel is none.
            Arrays.stream(to).forEach(values -> Arrays.fill(values, (short) 0));
        }
        for (int o = 0; o < channels; o++) {
            for (int c = 0; c < inChannels; c++) {
                int from = ((first + o) * s.inChannels() + firstIn + c) * s.taps();
                for (int i = 0; i < TAPS; i++) {
                    w[i] = taps[i] < 0 ? 0 : spec.weight()[from + taps[i]];
                }
                for (int i = 0; i < POINTS; i++) {
                    int[] g = G[i];
                    for (int x = 0; x < SIDE; x++) {
                        down[i * SIDE + x] = g[0] * w[x] + g[1] * w[SIDE + x] + g[2] * w[2 * SIDE + x];
                    }
                }
                int at = c / 2 * 2 * width + 2 * o + c % 2;
                for (int pair = 0; pair < PAIRS; pair++) {
                    int row = pair / POINTS * SIDE;
                    int[] g = G[pair % POINTS];
                    to[pair][at] = (short) (g[0] * down[row] + g[1] * down[row + 1] + g[2] * down[row + 2]);
                }
            }
        }
    }

    /** What {@link WinogradOutput} takes for the same channels. */
    MemorySegment ending(int first, int channels, int vectors, Arena arena) {
        MemorySegment block = arena.allocate(WinogradOutput.bytes(way.bits(), vectors), CacheLine.BYTES);
        WinogradOutput.constants(block, way.bits(), spec.requantize());
        ConvShape s = spec.shape();
        for (int i = 0; i < channels; i++) {
            int o = first + i;
            int sum = 0;
            for (int k = 0; k < s.depth(); k++) {
                sum += spec.weight()[o * s.depth() + k];
            }
            WinogradOutput.channel(block, way.bits(), i, spec.requantize().offset()[o] - spec.inputZeroPoint() * sum,
                    spec.requantize().bias()[o], spec.requantize().multiplier()[o]);
        }
        return block;
    }
}
