package quantscope.kernel.scalar;

import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PoolShape;

/** Mean of each window. */
final class AveragePooling {

    private AveragePooling() { }

    static Kernel float32(KernelSpec.AvgPool spec) {
        PoolShape s = spec.shape();
        PoolWindow rows = MaxPooling.rows(s);
        PoolWindow columns = MaxPooling.columns(s);
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    for (int x = 0; x < s.outWidth(); x++) {
                        float sum = 0;
                        for (int i = 0, row = rows.first(y); i < rows.count(y); i++, row += s.dilationH()) {
                            int at = plane + row * s.inWidth() + columns.first(x);
                            for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                                sum += data[at];
                            }
                        }
                        int divisor = divisor(rows, y, columns, x, spec.countIncludePad());
                        data[to++] = divisor == 0 ? 0 : sum / divisor;
                    }
                }
            }
        };
    }

    /**
     * As ATen rounds: its vectors multiply by 1/count, its scalar code divides by the reciprocal of that.
     */
    static Kernel int8(KernelSpec.Int8AvgPool spec) {
        PoolShape s = spec.shape();
        PoolWindow rows = MaxPooling.rows(s);
        PoolWindow columns = MaxPooling.columns(s);
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                boolean inVectors = c < spec.vectorChannels();
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    for (int x = 0; x < s.outWidth(); x++) {
                        int sum = -spec.zeroPoint() * rows.count(y) * columns.count(x);
                        for (int i = 0, row = rows.first(y); i < rows.count(y); i++, row += s.dilationH()) {
                            int at = plane + row * s.inWidth() + columns.first(x);
                            for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                                sum += data[at] & 0xff;
                            }
                        }
                        float share = 1f / divisor(rows, y, columns, x, spec.countIncludePad());
                        data[to++] = inVectors ? Int8Arithmetic.requantize(sum, share, spec.zeroPoint())
                                : Int8Arithmetic.quantizeValue(sum, 1f / (1f / share), spec.zeroPoint());
                    }
                }
            }
        };
    }

    private static int divisor(PoolWindow rows, int y, PoolWindow columns, int x, boolean countIncludePad) {
        return countIncludePad ? rows.padded(y) * columns.padded(x) : rows.count(y) * columns.count(x);
    }
}
