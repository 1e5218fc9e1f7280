package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Requantize;

/**
 * What a tile's code reads beside its input, for some vectors of 16 output channels: bounds, then for each vector what
 * the sums begin with (-z_x times the weights' sum), biases, multipliers, then the weights in the order in which they
 * are used: row, run, step of four bytes, vector, channel, byte. Channels and bytes beyond the layer's are 0.
 */
final class Int8Block {

    static final int LOW = 0;
    static final int HIGH = 4;
    static final int ZERO_POINT = 8;
    private static final int HEAD = 64;
    private static final int VECTOR = 64;
    private static final int LANES = 16;

    private Int8Block() { }

    static int initial(int v) {
        return HEAD + VECTOR * v;
    }

    static int bias(int v, int vectors) {
        return HEAD + VECTOR * (vectors + v);
    }

    static int multiplier(int v, int vectors) {
        return HEAD + VECTOR * (2 * vectors + v);
    }

    static int weights(int vectors) {
        return HEAD + VECTOR * 3 * vectors;
    }

    /**
     * @param first output channel
     * @param runs  how a kernel row's products are read
     */
    static MemorySegment of(KernelSpec.Int8Conv spec, int first, int vectors, Runs runs, Arena arena) {
        ConvShape shape = spec.shape();
        Requantize to = spec.requantize();
        long size = weights(vectors) + (long) VECTOR * vectors * shape.kernelH() * runs.taps() * runs.steps();
        MemorySegment block = arena.allocate(size, 64);
        block.set(ValueLayout.JAVA_FLOAT, LOW, to.low() - to.zeroPoint());
        block.set(ValueLayout.JAVA_FLOAT, HIGH, 255 - to.zeroPoint());
        block.set(ValueLayout.JAVA_INT, ZERO_POINT, to.zeroPoint());
        int last = (first / shape.outPerGroup() + 1) * shape.outPerGroup();
        for (int v = 0; v < vectors; v++) {
            for (int lane = 0; lane < LANES && first + LANES * v + lane < last; lane++) {
                int o = first + LANES * v + lane;
                block.set(ValueLayout.JAVA_INT, initial(v) + 4L * lane, -spec.inputZeroPoint() * sum(spec, o));
                block.set(ValueLayout.JAVA_FLOAT, bias(v, vectors) + 4L * lane, to.bias()[o]);
                block.set(ValueLayout.JAVA_FLOAT, multiplier(v, vectors) + 4L * lane, to.multiplier()[o]);
                weights(spec, o, v, vectors, lane, runs, block);
            }
        }
        return block;
    }

    private static int sum(KernelSpec.Int8Conv spec, int o) {
        int depth = spec.shape().depth();
        int sum = 0;
        for (int i = 0; i < depth; i++) {
            sum += spec.weight()[o * depth + i];
        }
        return sum;
    }

    private static void weights(KernelSpec.Int8Conv spec, int o, int v, int vectors, int lane, Runs runs,
                                MemorySegment block) {
        ConvShape s = spec.shape();
        int channels = s.inPerGroup();
        for (int r = 0; r < s.kernelH(); r++) {
            for (int t = 0; t < s.kernelW(); t++) {
                for (int c = 0; c < channels; c++) {
                    short w = spec.weight()[((o * channels + c) * s.kernelH() + r) * s.kernelW() + t];
                    int run = runs.taps() == 1 ? 0 : t;
                    int k = runs.taps() == 1 ? t * channels + c : c;
                    long step = ((long) r * runs.taps() + run) * runs.steps() + k / 4;
                    block.set(ValueLayout.JAVA_BYTE, weights(vectors) + (step * vectors + v) * VECTOR + 4L * lane + k % 4,
                            (byte) w);
                }
            }
        }
    }

    /**
     * How a kernel row's products lie in the image.
     *
     * @param taps     runs of neighbouring bytes: 1 where a row's taps lie side by side
     * @param steps    of four bytes in a run
     * @param tapBytes from a run to the next
     */
    record Runs(int taps, int steps, int tapBytes) {

        static Runs of(ConvShape s) {
            boolean together = s.groups() == 1 && s.dilationW() == 1;
            int taps = together ? 1 : s.kernelW();
            int bytes = together ? s.kernelW() * s.inChannels() : s.inPerGroup();
            return new Runs(taps, (bytes + 3) / 4, s.dilationW() * s.inChannels());
        }
    }
}
