package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Concatenation and changes of order. */
final class Joining {

    private Joining() { }

    static Kernel concat(KernelSpec.Concat s) {
        int whole = Arrays.stream(s.lengths()).sum();
        return (memory, inputs, output) -> {
            int offset = output;
            for (int i = 0; i < inputs.length; i++) {
                int length = s.lengths()[i];
                for (int outer = 0; outer < s.outer(); outer++) {
                    System.arraycopy(memory.floats(), inputs[i] + outer * length, memory.floats(),
                            offset + outer * whole, length);
                }
                offset += length;
            }
        };
    }

    static Kernel concat(KernelSpec.Int8Concat s) {
        int whole = Arrays.stream(s.lengths()).sum();
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int offset = output;
            for (int i = 0; i < inputs.length; i++) {
                int length = s.lengths()[i];
                int head = s.heads()[i];
                for (int outer = 0; outer < s.outer(); outer++) {
                    int from = inputs[i] + outer * length;
                    int to = offset + outer * whole;
                    map(data, from, to, head, s.tables()[i][0]);
                    map(data, from + head, to + head, length - head, s.tables()[i][1]);
                }
                offset += length;
            }
        };
    }

    static Kernel reorder(KernelSpec.Reorder s) {
        if (s.int8()) {
            return (memory, inputs, output) -> {
                if (s.to().channels() == 1) {
                    s.from().separate(memory.bytes(), inputs[0], memory.bytes(), output);
                    return;
                }
                for (int i = 0; i < s.to().size(); i++) {
                    memory.bytes()[output + s.to().at(i)] = memory.bytes()[inputs[0] + s.from().at(i)];
                }
            };
        }
        return (memory, inputs, output) -> {
            if (s.to().channels() == 1) {
                s.from().separate(memory.floats(), inputs[0], memory.floats(), output);
                return;
            }
            for (int i = 0; i < s.to().size(); i++) {
                memory.floats()[output + s.to().at(i)] = memory.floats()[inputs[0] + s.from().at(i)];
            }
        };
    }

    private static void map(byte[] data, int from, int to, int n, byte[] table) {
        for (int i = 0; i < n; i++) {
            data[to + i] = table[data[from + i] & 0xff];
        }
    }
}
