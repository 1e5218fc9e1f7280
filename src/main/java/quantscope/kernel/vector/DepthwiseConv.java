package quantscope.kernel.vector;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** fp32 convolution of each channel by itself. */
final class DepthwiseConv implements Kernel {

    private final ConvShape shape;
    private final DepthwiseRows rows;

    /** @param spec whose shape {@link DepthwiseRows} takes */
    DepthwiseConv(KernelSpec.Conv spec) {
        shape = spec.shape();
        rows = new DepthwiseRows(shape, spec.weight(), spec.bias());
    }

    static boolean takes(KernelSpec.Conv spec) {
        return DepthwiseRows.takes(spec.shape());
    }

    @Override
    public String way() {
        return "Vector API, by channel";
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        for (int y = 0; y < shape.outHeight(); y++) {
            rows.run(memory.floats(), inputs[0], y, memory.floats(), output + y * shape.outWidth() * shape.outChannels());
        }
    }
}
