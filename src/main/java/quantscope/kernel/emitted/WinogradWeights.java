package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;

/** A layer's weights at Winograd's points: for each pair of points a matrix of input by output channels. */
record WinogradWeights(KernelSpec.Int8Conv spec, Way way) {

    private static final int POINTS = WinogradMatrices.MOST_POINTS;
    private static final int TAPS = 9;
    private static final int LINE = 64;

    /** The largest magnitude of any output's sum over (x - z) * w. */
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
            largest = Math.max(largest, Math.max(positive * above + negative * below, positive * below + negative * above));
        }
        return largest;
    }

    /** Input channels, up to whole vectors of words. */
    int channels() {
        int words = way.bits() / 16;
        return (spec.shape().inChannels() + words - 1) / words * words;
    }

    /** The matrices of some output channels for each pair of points, as {@link Tile} takes them. */
    List<MemorySegment> block(int first, int channels, int vectors, Arena arena) {
        BlockLayout layout = new BlockLayout(way, vectors);
        long bytes = layout.weights(channels() / 2, 0);
        List<MemorySegment> matrices = Stream.generate(() -> arena.allocate(bytes, LINE)).limit(POINTS * POINTS).toList();
        int[] points = new int[POINTS * POINTS];
        for (int i = 0; i < channels; i++) {
            for (int c = 0; c < spec.shape().inChannels(); c++) {
                transform((first + i) * spec.shape().depth() + TAPS * c, points);
                long at = layout.weights(c / 2, i / way.lanes()) + 4L * (i % way.lanes()) + c % 2 * 2L;
                for (int pair = 0; pair < points.length; pair++) {
                    matrices.get(pair).set(ValueLayout.JAVA_SHORT, at, (short) points[pair]);
                }
            }
        }
        return matrices;
    }

    /** At most 49 times the largest of 3 x 3 weights, so it fits 16 bits. */
    private void transform(int from, int[] points) {
        int[][] g = WinogradMatrices.weight();
        for (int pair = 0; pair < points.length; pair++) {
            points[pair] = 0;
            for (int tap = 0; tap < TAPS; tap++) {
                points[pair] += g[pair / POINTS][tap / 3] * g[pair % POINTS][tap % 3] * spec.weight()[from + tap];
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
            WinogradOutput.channel(block, way.bits(), i, -spec.inputZeroPoint() * sum, spec.requantize().bias()[o],
                    spec.requantize().multiplier()[o]);
        }
        return block;
    }
}
