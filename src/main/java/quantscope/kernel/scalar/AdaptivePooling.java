package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** Mean over windows that divide the input into a given number of parts. */
final class AdaptivePooling {

    private AdaptivePooling() { }

    static Kernel float32(KernelSpec.AdaptiveAvgPool s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                int top = start(y, s.inHeight(), s.outHeight());
                int bottom = end(y, s.inHeight(), s.outHeight());
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    int left = start(x, s.inWidth(), s.outWidth());
                    int right = end(x, s.inWidth(), s.outWidth());
                    Arrays.fill(data, to, to + s.channels(), 0f);
                    for (int row = top; row < bottom; row++) {
                        for (int column = left; column < right; column++) {
                            AveragePooling.add(data, inputs[0] + (row * s.inWidth() + column) * s.channels(), to,
                                    s.channels());
                        }
                    }
                    for (int c = 0; c < s.channels(); c++) {
                        data[to + c] = data[to + c] / (bottom - top) / (right - left);
                    }
                }
            }
        };
    }

    static Kernel int8(KernelSpec.Int8AdaptiveAvgPool s) {
        return new Int8(s);
    }

    private record Int8(KernelSpec.Int8AdaptiveAvgPool s) implements Kernel {

        @Override
        public Scratch scratch() {
            return new Scratch(0, s.channels(), 0);
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            int[] sums = memory.scratchInts();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                int top = start(y, s.inHeight(), s.outHeight());
                int bottom = end(y, s.inHeight(), s.outHeight());
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    int left = start(x, s.inWidth(), s.outWidth());
                    int right = end(x, s.inWidth(), s.outWidth());
                    int size = (bottom - top) * (right - left);
                    Arrays.fill(sums, 0, s.channels(), -s.zeroPoint() * size);
                    for (int row = top; row < bottom; row++) {
                        for (int column = left; column < right; column++) {
                            AveragePooling.add(memory.bytes(), inputs[0] + (row * s.inWidth() + column) * s.channels(),
                                    sums, s.channels());
                        }
                    }
                    for (int c = 0; c < s.channels(); c++) {
                        memory.bytes()[to + c] = c < s.vectorChannels()
                                ? Int8Arithmetic.quantize(sums[c], 1f / size, s.zeroPoint())
                                : Int8Arithmetic.quantizeValue(sums[c], 1f / size, s.zeroPoint());
                    }
                }
            }
        }
    }

    private static int start(int out, int inExtent, int outExtent) {
        return (int) ((long) out * inExtent / outExtent);
    }

    private static int end(int out, int inExtent, int outExtent) {
        return (int) (((out + 1L) * inExtent + outExtent - 1) / outExtent);
    }
}
