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
    private static final int TAPS = 9;
    private static final int[][] G = WinogradMatrices.weight();
    private static final int LINE = 64;

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
    List<MemorySegment> block(int first, int channels, int vectors, Arena arena) {
        BlockLayout layout = new BlockLayout(way, vectors);
        WinogradParts parts = parts();
        long[] ends = new long[PAIRS + 1];
        for (int pair = 0; pair < PAIRS; pair++) {
            ends[pair + 1] = ends[pair] + layout.weights(steps(parts.at(pair / POINTS, pair % POINTS)), 0);
        }
        // One after the other: each is fetched while the one before it is used.
        MemorySegment all = arena.allocate(ends[PAIRS], LINE);
        int[] points = new int[PAIRS];
        for (int part = 0; part < parts.count(); part++) {
            for (int i = 0; i < channels; i++) {
                for (int c = 0; c < spec.shape().inChannels(); c++) {
                    transform(first + i, c, part, points);
                    for (int pair = 0; pair < PAIRS; pair++) {
                        if (parts.has(part, pair / POINTS, pair % POINTS)) {
                            long step = steps(parts.before(part, pair / POINTS, pair % POINTS)) + c / 2;
                            all.set(ValueLayout.JAVA_SHORT, ends[pair] + layout.weights(step, i / way.lanes())
                                    + 4L * (i % way.lanes()) + c % 2 * 2L, (short) points[pair]);
                        }
                    }
                }
            }
        }
        return IntStream.range(0, PAIRS).mapToObj(i -> all.asSlice(ends[i], ends[i + 1] - ends[i])).toList();
    }

    /** Steps that some parts' channels take, two channels each. */
    private long steps(int parts) {
        return (long) parts * channels() / 2;
    }

    /** At most 49 times the largest of 3 x 3 weights, so it fits 16 bits. */
    private void transform(int outChannel, int inChannel, int part, int[] points) {
        ConvShape s = spec.shape();
        Arrays.fill(points, 0);
        for (int i = 0; i < TAPS; i++) {
            int tap = parts().tap(part, i);
            int w = tap < 0 ? 0 : spec.weight()[(outChannel * s.inChannels() + inChannel) * s.taps() + tap];
            for (int pair = 0; pair < PAIRS; pair++) {
                points[pair] += G[pair / POINTS][i / 3] * G[pair % POINTS][i % 3] * w;
            }
        }
    }

    /** What {@link WinogradOutput} takes for the same channels. */
    MemorySegment ending(int first, int channels, int vectors, Arena arena) {
        MemorySegment block = arena.allocate(WinogradOutput.bytes(way.bits(), vectors), LINE);
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
