package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** Runs a kernel of one input once for each row. */
public final class RowsKernel implements Kernel {

    private final KernelSpec.Rows spec;
    private final Kernel inner;

    public RowsKernel(KernelSpec.Rows spec, Kernel inner) {
        this.spec = spec;
        this.inner = inner;
    }

    @Override
    public Scratch scratch() {
        return inner.scratch();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        int[] row = {inputs[0]};
        for (int i = 0; i < spec.rows(); i++) {
            inner.run(memory, row, output + i * spec.outStride());
            row[0] += spec.inStride();
        }
    }
}
