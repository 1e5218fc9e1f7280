package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.SaturatingPairs;
import quantscope.kernel.Scratch;

/**
 * A convolution on vpmaddubsw by an exact kernel of any road: outputs in which a pair saturates, which are few, are
 * computed again.
 */
public final class MendedConv implements Kernel {

    private final KernelSpec.Int8Conv spec;
    private final Kernel exact;
    private final SaturatingPairs pairs;

    /** @param exact of {@code spec.exact()} */
    public MendedConv(KernelSpec.SaturatedInt8Conv spec, Kernel exact) {
        this.spec = spec.exact();
        this.exact = exact;
        this.pairs = new SaturatingPairs(spec);
    }

    @Override
    public String way() {
        return pairs.none() ? exact.way() : exact.way() + ", saturating";
    }

    @Override
    public Scratch scratch() {
        return exact.scratch();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        exact.run(memory, inputs, output);
        mend(memory, inputs[0], output, 1, 0, 0);
    }

    @Override
    public boolean gainsFromRows() {
        return exact.gainsFromRows();
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        exact.runRows(memory, input, output, rows, inStride, outStride);
        mend(memory, input, output, rows, inStride, outStride);
    }

    private void mend(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (pairs.none()) {
            return;
        }
        ConvShape s = spec.shape();
        byte[] data = memory.bytes();
        memory.team().split(rows * s.outChannels(), (from, to) -> {
            for (int i = from; i < to; i++) {
                int row = i / s.outChannels();
                mend(data, input + row * inStride, output + row * outStride, i % s.outChannels());
            }
        });
    }

    private void mend(byte[] data, int input, int output, int o) {
        ConvShape s = spec.shape();
        for (int y = 0; y < s.outHeight(); y++) {
            for (int x = 0; x < s.outWidth(); x++) {
                int excess = pairs.excess(data, input, o, y, x);
                if (excess != 0) {
                    data[output + (y * s.outWidth() + x) * s.outChannels() + o] =
                            spec.requantize().level(pairs.sum(data, input, o, y, x) - excess, o);
                }
            }
        }
    }
}
