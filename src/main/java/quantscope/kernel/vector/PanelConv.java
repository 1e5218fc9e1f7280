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
    public Scratch scratch() {
        int sorted = panels.plain() ? 0 : Math.multiplyExact(shape.inChannels(), panels.planeSize());
        return new Scratch(Math.addExact(sorted, Math.addExact(panels.columnSize(), panels.productSize())), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        int products = panels.columnSize();
        int step = panels.panelsAtATime();
        float[] image = panels.plain() ? memory.floats() : scratch;
        int start = panels.plain() ? inputs[0] : products + panels.productSize();
        if (!panels.plain()) {
            panels.sort(memory.floats(), inputs[0], scratch, start);
        }
        for (int g = 0; g < shape.groups(); g++) {
            int in = start + g * shape.inPerGroup() * panels.planeSize();
            for (int panel = 0; panel < panels.pixelPanels(); panel += step) {
                int n = Math.min(step, panels.pixelPanels() - panel);
                panels.unroll(image, in, panel, n, scratch, 0);
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
        int used = shape.outPerGroup() * width;
        for (int p = 0; p < n; p++) {
            int at = products + p * panels.productStride();
            for (int o = 0; o < shape.outPerGroup(); o++) {
                Arrays.fill(scratch, at + o * width, at + (o + 1) * width, bias[group * shape.outPerGroup() + o]);
            }
            Arrays.fill(scratch, at + used, at + panels.productStride(), 0f);
        }
    }

    private void store(int group, int panel, int n, float[] scratch, int products, float[] out, int output) {
        int width = panels.width();
        for (int p = 0; p < n; p++) {
            int first = (panel + p) * width;
            int count = Math.min(width, shape.outPlane() - first);
            int from = products + p * panels.productStride();
            int to = output + group * shape.outPerGroup() * shape.outPlane() + first;
            for (int o = 0; o < shape.outPerGroup(); o++) {
                System.arraycopy(scratch, from + o * width, out, to + o * shape.outPlane(), count);
            }
        }
    }
}
