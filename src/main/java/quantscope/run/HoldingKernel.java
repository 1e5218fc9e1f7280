package quantscope.run;

import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** A kernel that keeps something alive: what it was packed of, or the kernel that it was fused from. */
final class HoldingKernel<T> implements Kernel {

    private final T held;
    private final Kernel kernel;

    HoldingKernel(T held, Kernel kernel) {
        this.held = held;
        this.kernel = kernel;
    }

    T held() {
        return held;
    }

    Kernel kernel() {
        return kernel;
    }

    @Override
    public String way() {
        return kernel.way();
    }

    @Override
    public Scratch scratch() {
        return kernel.scratch();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        kernel.run(memory, inputs, output);
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        kernel.runRows(memory, input, output, rows, inStride, outStride);
    }

    @Override
    public boolean gainsFromRows() {
        return kernel.gainsFromRows();
    }
}
