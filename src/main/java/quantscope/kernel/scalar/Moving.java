package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Kernels that read elements where a table says. */
final class Moving {

    private Moving() { }

    static Kernel gather(KernelSpec.Gather s) {
        return s.int8() ? bytes(s) : floats(s);
    }

    private static Kernel floats(KernelSpec.Gather s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int from : s.from()) {
                if (from < 0) {
                    Arrays.fill(data, to, to + s.run(), s.fill());
                } else if (s.run() == 1) {
                    data[to] = data[inputs[0] + from];
                } else {
                    System.arraycopy(data, inputs[0] + from, data, to, s.run());
                }
                to += s.run();
            }
        };
    }

    private static Kernel bytes(KernelSpec.Gather s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int to = output;
            for (int from : s.from()) {
                if (from < 0) {
                    Arrays.fill(data, to, to + s.run(), (byte) s.fill());
                } else if (s.run() == 1) {
                    data[to] = data[inputs[0] + from];
                } else {
                    System.arraycopy(data, inputs[0] + from, data, to, s.run());
                }
                to += s.run();
            }
        };
    }

    static Kernel weighted(KernelSpec.WeightedBlocks s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int term = 0;
            for (int block = 0; block < s.ends().length; block++) {
                int to = output + block * s.run();
                Arrays.fill(data, to, to + s.run(), term == s.ends()[block] ? s.fill() : 0f);
                for (; term < s.ends()[block]; term++) {
                    float weight = s.weights()[term];
                    int from = inputs[0] + s.from()[term];
                    for (int i = 0; i < s.run(); i++) {
                        data[to + i] += weight * data[from + i];
                    }
                }
            }
        };
    }

    static Kernel select(KernelSpec.Select s) {
        int[] condition = s.places()[0];
        int[] yes = s.places()[1];
        int[] no = s.places()[2];
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int i = 0; i < condition.length; i++) {
                data[output + i] = data[inputs[0] + condition[i]] != 0 ? data[inputs[1] + yes[i]] : data[inputs[2] + no[i]];
            }
        };
    }
}
