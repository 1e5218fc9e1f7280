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
    public String way() {
        return inner.way();
    }

    @Override
    public Scratch scratch() {
        return inner.scratch();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        inner.runRows(memory, inputs[0], output, spec.rows(), spec.inStride(), spec.outStride());
    }
}
