package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** fp32 convolution in panels; sums begin with the bias. */
final class PanelConv implements Kernel {

    private final ConvShape shape;
    private final float[] bias;
    private final Panels panels;

    PanelConv(KernelSpec.Conv spec) {
        shape = spec.shape();
        bias = spec.bias();
        panels = new Panels(shape, spec.weight());
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(Math.addExact(panels.sums(), panels.plain() ? 0 : panels.imageSize()), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] sums = memory.scratchFloats();
        float[] image = memory.floats();
        int from = inputs[0];
        if (!panels.plain()) {
            panels.pad(image, from, sums, panels.sums());
            image = sums;
            from = panels.sums();
        }
        int width = panels.width();
        for (int g = 0; g < shape.groups(); g++) {
            for (int panel = 0; panel < panels.channelPanels(); panel++) {
                int first = g * shape.outPerGroup() + panel * width;
                int count = Math.min(width, shape.outPerGroup() - panel * width);
                for (int pixel = 0; pixel < shape.outPlane(); pixel += panels.pixelsOfTile()) {
                    begin(first, count, sums);
                    for (int run = 0; run < panels.runs(); run++) {
                        panels.multiply(image, from, g, panel, pixel, run, 0, panels.runLength(), sums);
                    }
                    int last = Math.min(shape.outPlane(), pixel + panels.pixelsOfTile());
                    for (int p = pixel; p < last; p++) {
                        System.arraycopy(sums, (p - pixel) * width, memory.floats(), output + p * shape.outChannels() + first, count);
                    }
                }
            }
        }
    }

    private void begin(int first, int count, float[] sums) {
        int width = panels.width();
        for (int p = 0; p < panels.pixelsOfTile(); p++) {
            System.arraycopy(bias, first, sums, p * width, count);
            Arrays.fill(sums, p * width + count, (p + 1) * width, 0f);
        }
    }
}
