package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** fp32 convolution in panels; sums begin with the bias. */
final class PanelConv implements Kernel {

    private static final int DEPTH_BLOCK = 384;

    private final ConvShape shape;
    private final float[] bias;
    private final Panels panels;

    PanelConv(KernelSpec.Conv spec) {
        shape = spec.shape();
        bias = spec.bias();
        panels = new Panels(shape, spec.weight(), DEPTH_BLOCK);
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(Math.addExact(panels.columnSize(), panels.productSize()), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        int products = panels.columnSize();
        int step = panels.panelsAtATime();
        for (int g = 0; g < shape.groups(); g++) {
            int in = inputs[0] + g * shape.inPerGroup();
            for (int panel = 0; panel < panels.pixelPanels(); panel += step) {
                int n = Math.min(step, panels.pixelPanels() - panel);
                panels.unroll(memory.floats(), in, panel, n, scratch, 0);
                begin(g, n, scratch, products);
                for (int k = 0; k < shape.depth(); k += DEPTH_BLOCK) {
                    panels.multiply(g, n, k, Math.min(k + DEPTH_BLOCK, shape.depth()), scratch, 0, products);
                }
                store(g, panel, n, scratch, products, memory.floats(), output);
            }
        }
    }

    private void begin(int group, int n, float[] scratch, int products) {
        int width = panels.width();
        for (int row = 0; row < n * panels.channelPanels() * panels.rows(); row++) {
            int first = row / panels.rows() % panels.channelPanels() * width;
            int count = Math.min(width, shape.outPerGroup() - first);
            int at = products + row * width;
            System.arraycopy(bias, group * shape.outPerGroup() + first, scratch, at, count);
            Arrays.fill(scratch, at + count, at + width, 0f);
        }
    }

    private void store(int group, int panel, int n, float[] scratch, int products, float[] out, int output) {
        int width = panels.width();
        int from = products;
        for (int p = 0; p < n; p++) {
            for (int m = 0; m < panels.channelPanels(); m++) {
                int count = Math.min(width, shape.outPerGroup() - m * width);
                for (int r = 0; r < panels.rows(); r++, from += width) {
                    int pixel = (panel + p) * panels.rows() + r;
                    if (pixel < shape.outPlane()) {
                        System.arraycopy(scratch, from, out, output + pixel * shape.outChannels()
                                + group * shape.outPerGroup() + m * width, count);
                    }
                }
            }
        }
    }
}
