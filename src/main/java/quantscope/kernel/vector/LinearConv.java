package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * fp32 convolution with one output pixel, a linear layer above all: four panels of channels at a time for one image, as
 * memory is what bounds it; images for pixels where there are several, so that weights are read once for all of a tile.
 */
final class LinearConv implements Kernel {

    /** Panels that are computed together. */
    private static final int TOGETHER = 4;

    private final ConvShape shape;
    private final float[] bias;
    private final Panels panels;

    LinearConv(KernelSpec.Conv spec) {
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
        return new Scratch(Math.addExact(sums(), panels.plain() ? 0 : panels.imageSize()), Tile.MOST_PIXELS, 0);
    }

    private int sums() {
        return Math.max(panels.sums(), TOGETHER * panels.width());
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        float[] image = memory.floats();
        int from = inputs[0];
        if (!panels.plain()) {
            panels.pad(image, from, scratch, sums());
            image = scratch;
            from = sums();
        }
        for (int g = 0; g < shape.groups(); g++) {
            for (int panel = 0; panel < panels.channelPanels(); panel += TOGETHER) {
                int n = Math.min(TOGETHER, panels.channelPanels() - panel);
                for (int p = 0; p < n; p++) {
                    begin(g, panel + p, scratch, p * panels.width());
                }
                panels.single(image, from, g, panel, n, scratch);
                for (int p = 0; p < n; p++) {
                    System.arraycopy(scratch, p * panels.width(), memory.floats(), output + first(g, panel + p), count(panel + p));
                }
            }
        }
    }

    /** Where inputs lie as they are multiplied. */
    @Override
    public boolean gainsFromRows() {
        return shape.taps() == 1 && shape.inPlane() == 1;
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (!gainsFromRows()) {
            Kernel.super.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        memory.each(shape.groups() * panels.channelPanels(), (own, panel) ->
                panel(own, panel, input, output, rows, inStride, outStride));
    }

    private void panel(Memory memory, int which, int input, int output, int rows, int inStride, int outStride) {
        int group = which / panels.channelPanels();
        int panel = which % panels.channelPanels();
        int tile = panels.pixelsOfTile();
        int[] images = memory.scratchInts();
        for (int row = 0; row < rows; row += tile) {
            for (int i = 0; i < tile; i++) {
                // What a tile lacks is computed with a repeated image.
                images[i] = input + Math.min(row + i, rows - 1) * inStride;
                begin(group, panel, memory.scratchFloats(), i * panels.width());
            }
            panels.multiply(memory.floats(), images, Math.min(tile, rows - row), group, panel, memory.scratchFloats());
            for (int i = row; i < Math.min(row + tile, rows); i++) {
                System.arraycopy(memory.scratchFloats(), (i - row) * panels.width(), memory.floats(),
                        output + i * outStride + first(group, panel), count(panel));
            }
        }
    }

    private int first(int group, int panel) {
        return group * shape.outPerGroup() + panel * panels.width();
    }

    private int count(int panel) {
        return Math.min(panels.width(), shape.outPerGroup() - panel * panels.width());
    }

    private void begin(int group, int panel, float[] sums, int at) {
        int count = count(panel);
        System.arraycopy(bias, first(group, panel), sums, at, count);
        Arrays.fill(sums, at + count, at + panels.width(), 0f);
    }
}
