package quantscope.kernel.emitted;

import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * A convolution that is packed twice: for one image, and for several that follow one another.
 *
 * @param fewest images that are several
 */
record ImagesConv(Kernel one, Kernel several, int fewest) implements Kernel {

    @Override
    public Scratch scratch() {
        return one.scratch().max(several.scratch());
    }

    @Override
    public String way() {
        return one.way() + "; " + fewest + " images: " + several.way();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        one.run(memory, inputs, output);
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        (rows >= fewest ? several : one).runRows(memory, input, output, rows, inStride, outStride);
    }

    @Override
    public boolean gainsFromRows() {
        return true;
    }
}
