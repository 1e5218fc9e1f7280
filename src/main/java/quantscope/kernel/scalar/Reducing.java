package quantscope.kernel.scalar;

import quantscope.graph.Reduction;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PoolShape;

/** Kernels that join many elements to one. */
final class Reducing {

    private Reducing() { }

    static Kernel reduce(KernelSpec.Reduce s) {
        int length = s.order().length / s.outputs();
        Reduction reduction = s.reduction();
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int o = 0; o < s.outputs(); o++) {
                double sum = reduction.start();
                for (int i = o * length; i < (o + 1) * length; i++) {
                    sum = reduction.add(sum, data[inputs[0] + s.order()[i]]);
                }
                data[output + o] = reduction.end(sum, length);
            }
        };
    }

    /** |x|^order over each window. */
    static Kernel pool(KernelSpec.LpPool spec) {
        PoolShape s = spec.shape();
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++) {
                    for (int c = 0; c < s.channels(); c++, to++) {
                        double sum = 0;
                        for (int i = 0; i < rows.count(y); i++) {
                            for (int j = 0; j < columns.count(x); j++) {
                                int from = inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels() + c;
                                sum += Math.pow(Math.abs(data[from]), spec.order());
                            }
                        }
                        data[to] = (float) Math.pow(sum, 1.0 / spec.order());
                    }
                }
            }
        };
    }
}
