package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Requantize;

/**
 * Packs what a tile's code reads beside its input, for some vectors of output channels, as {@link Int8Layout} says. The
 * weights stand in the order in which they are used: row, run, step of four bytes, vector, channel, value. Channels and
 * values beyond the layer's are 0.
 */
final class Int8Block {

    private Int8Block() { }

    /**
     * @param first output channel
     * @param runs  how a kernel row's products are read
     */
    static MemorySegment of(KernelSpec.Int8Conv spec, int first, Int8Layout layout, Runs runs, Arena arena) {
        ConvShape shape = spec.shape();
        Requantize to = spec.requantize();
        int lanes = layout.way().lanes();
        long size = layout.weights((long) shape.kernelH() * runs.taps() * runs.steps(), 0);
        MemorySegment block = arena.allocate(size, 64);
        block.set(ValueLayout.JAVA_FLOAT, Int8Layout.LOW, to.low() - to.zeroPoint());
        block.set(ValueLayout.JAVA_FLOAT, Int8Layout.HIGH, 255 - to.zeroPoint());
        block.set(ValueLayout.JAVA_INT, Int8Layout.ZERO_POINT, to.zeroPoint());
        int last = (first / shape.outPerGroup() + 1) * shape.outPerGroup();
        for (int v = 0; v < layout.vectors(); v++) {
            for (int lane = 0; lane < lanes && first + lanes * v + lane < last; lane++) {
                int o = first + lanes * v + lane;
                block.set(ValueLayout.JAVA_INT, layout.initial(v) + 4L * lane, -spec.inputZeroPoint() * sum(spec, o));
                block.set(ValueLayout.JAVA_FLOAT, layout.bias(v) + 4L * lane, to.bias()[o]);
                block.set(ValueLayout.JAVA_FLOAT, layout.multiplier(v) + 4L * lane, to.multiplier()[o]);
                weights(spec, o, v, lane, layout, runs, block);
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

    private static void weights(KernelSpec.Int8Conv spec, int o, int v, int lane, Int8Layout layout, Runs runs,
                                MemorySegment block) {
        Int8Way way = layout.way();
        ConvShape s = spec.shape();
        int channels = s.inPerGroup();
        for (int r = 0; r < s.kernelH(); r++) {
            for (int t = 0; t < s.kernelW(); t++) {
                for (int c = 0; c < channels; c++) {
                    short w = spec.weight()[s.weight(o, (r * s.kernelW() + t) * channels + c)];
                    int run = runs.taps() == 1 ? 0 : t;
                    int k = runs.taps() == 1 ? t * channels + c : c;
                    long step = ((long) r * runs.taps() + run) * runs.steps() + k / way.valuesPerStep();
                    long at = layout.weights(step, v) + 4L * lane + k % way.valuesPerStep() * way.valueBytes();
                    if (way.valueBytes() == 1) {
                        block.set(ValueLayout.JAVA_BYTE, at, (byte) w);
                    } else {
                        block.set(ValueLayout.JAVA_SHORT, at, w);
                    }
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

        static Runs of(ConvShape s, Int8Way way) {
            boolean together = s.groups() == 1 && s.dilationW() == 1;
            int taps = together ? 1 : s.kernelW();
            int values = together ? s.kernelW() * s.inChannels() : s.inPerGroup();
            int perStep = way.valuesPerStep();
            return new Runs(taps, (values + perStep - 1) / perStep,
                    s.dilationW() * s.inChannels() * way.valueBytes());
        }
    }
}
