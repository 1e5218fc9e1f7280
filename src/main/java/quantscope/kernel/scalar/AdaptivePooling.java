package quantscope.kernel.scalar;

import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Mean over windows that divide the input into a given number of parts. */
final class AdaptivePooling {

    private AdaptivePooling() { }

    static Kernel float32(KernelSpec.AdaptiveAvgPool s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    int top = start(y, s.inHeight(), s.outHeight());
                    int bottom = end(y, s.inHeight(), s.outHeight());
                    for (int x = 0; x < s.outWidth(); x++) {
                        int left = start(x, s.inWidth(), s.outWidth());
                        int right = end(x, s.inWidth(), s.outWidth());
                        float sum = 0;
                        for (int row = top; row < bottom; row++) {
                            for (int column = left; column < right; column++) {
                                sum += data[plane + row * s.inWidth() + column];
                            }
                        }
                        data[to++] = sum / (bottom - top) / (right - left);
                    }
                }
            }
        };
    }

    static Kernel int8(KernelSpec.Int8AdaptiveAvgPool s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    int top = start(y, s.inHeight(), s.outHeight());
                    int bottom = end(y, s.inHeight(), s.outHeight());
                    for (int x = 0; x < s.outWidth(); x++) {
                        int left = start(x, s.inWidth(), s.outWidth());
                        int right = end(x, s.inWidth(), s.outWidth());
                        int size = (bottom - top) * (right - left);
                        int sum = -s.zeroPoint() * size;
                        for (int row = top; row < bottom; row++) {
                            for (int column = left; column < right; column++) {
                                sum += data[plane + row * s.inWidth() + column] & 0xff;
                            }
                        }
                        // ATen goes through the reciprocal of 1/size, here for all channels.
                        float inverse = 1f / (1f / (1f / size));
                        data[to++] = Int8Arithmetic.quantizeValue(sum, inverse, s.zeroPoint());
                    }
                }
            }
        };
    }

    private static int start(int out, int inExtent, int outExtent) {
        return (int) ((long) out * inExtent / outExtent);
    }

    private static int end(int out, int inExtent, int outExtent) {
        return (int) (((out + 1L) * inExtent + outExtent - 1) / outExtent);
    }
}
