package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Products of two inputs' matrices. */
final class Products {

    private Products() { }

    static Kernel matrices(KernelSpec.MatMul s) {
        int[] steps = s.steps();
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int product = 0; product < s.first().length; product++) {
                int a = inputs[0] + s.first()[product];
                int b = inputs[1] + s.second()[product];
                int to = output + s.to()[product];
                for (int i = 0; i < s.m(); i++) {
                    for (int j = 0; j < s.n(); j++) {
                        float sum = 0;
                        for (int k = 0; k < s.k(); k++) {
                            sum += data[a + i * steps[0] + k * steps[1]] * data[b + k * steps[2] + j * steps[3]];
                        }
                        data[to + i * steps[4] + j * steps[5]] = sum;
                    }
                }
            }
        };
    }
}
