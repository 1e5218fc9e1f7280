package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Int8 convolution through fp32 multiply-adds, exact for all values: a float holds every integer up to 2^24, and a
 * block sums up at most 512 products of at most 255 * 128 (256 of 255 * 255 where weights have a zero point) before
 * its sums move to int32.
 */
final class Int8PanelConv implements Kernel {

    private final ConvShape shape;
    private final int zeroPoint;
    private final RequantizeRow requantize;
    private final Panels panels;

    Int8PanelConv(KernelSpec.Int8Conv spec) {
        shape = spec.shape();
        zeroPoint = spec.inputZeroPoint();
        float[] weights = new float[spec.weight().length];
        int largest = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = spec.weight()[i];
            largest = Math.max(largest, Math.abs(spec.weight()[i]));
        }
        panels = new Panels(shape, weights, largest <= 128 ? 512 : 256);
        requantize = new RequantizeRow(spec.requantize(), shape, panels.channelPanels() * panels.width());
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        int image = shape.inChannels() * shape.inPlane();
        return new Scratch(Math.addExact(image, Math.addExact(panels.columnSize(), panels.productSize())),
                Math.addExact(panels.productSize(), panels.width()), 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        int columns = shape.inChannels() * shape.inPlane();
        int products = columns + panels.columnSize();
        centre(memory.bytes(), inputs[0], scratch, columns);
        int step = panels.panelsAtATime();
        for (int g = 0; g < shape.groups(); g++) {
            int in = g * shape.inPerGroup();
            for (int panel = 0; panel < panels.pixelPanels(); panel += step) {
                int n = Math.min(step, panels.pixelPanels() - panel);
                panels.unroll(scratch, in, panel, n, scratch, columns);
                accumulate(g, n, scratch, columns, products, memory.scratchInts());
                store(g, panel, n, memory, output);
            }
        }
    }

    /** The image as numbers around zero, so that padding is 0. */
    private void centre(byte[] levels, int from, float[] scratch, int n) {
        for (int i = 0; i < n; i++) {
            scratch[i] = (float) ((levels[from + i] & 0xff) - zeroPoint);
        }
    }

    private void accumulate(int group, int n, float[] scratch, int columns, int products, int[] sums) {
        int size = n * panels.productStride();
        Arrays.fill(sums, 0, size, 0);
        for (int k = 0; k < shape.depth(); k += panels.depthBlock()) {
            Arrays.fill(scratch, products, products + size, 0f);
            panels.multiply(group, n, k, Math.min(k + panels.depthBlock(), shape.depth()), scratch, columns, products);
            for (int i = 0; i < size; i++) {
                sums[i] += (int) scratch[products + i];
            }
        }
    }

    private void store(int group, int panel, int n, Memory memory, int output) {
        int width = panels.width();
        int[] sums = memory.scratchInts();
        int levels = panels.productSize();
        int from = 0;
        for (int p = 0; p < n; p++) {
            for (int m = 0; m < panels.channelPanels(); m++) {
                int count = Math.min(width, shape.outPerGroup() - m * width);
                int first = group * shape.outPerGroup() + m * width;
                for (int r = 0; r < panels.rows(); r++, from += width) {
                    int pixel = (panel + p) * panels.rows() + r;
                    if (pixel < shape.outPlane()) {
                        requantize.run(group * panels.channelPanels() * width + m * width, sums, from, width, levels);
                        int to = output + pixel * shape.outChannels() + first;
                        for (int i = 0; i < count; i++) {
                            memory.bytes()[to + i] = (byte) sums[levels + i];
                        }
                    }
                }
            }
        }
    }
}
