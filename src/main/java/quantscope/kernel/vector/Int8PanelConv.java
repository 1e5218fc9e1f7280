package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Int8 convolution through fp32 multiply-adds, exact for all values: a float holds every integer up to 2^24, and at most
 * 512 products of at most 255 * 128 (256 of 255 * 255 where weights have a zero point) are summed up before their sums
 * move to int32.
 */
final class Int8PanelConv implements Kernel {

    private final ConvShape shape;
    private final int zeroPoint;
    private final RequantizeRow requantize;
    private final Panels panels;
    private final int exact;

    Int8PanelConv(KernelSpec.Int8Conv spec) {
        shape = spec.shape();
        zeroPoint = spec.inputZeroPoint();
        float[] weights = new float[spec.weight().length];
        int largest = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = spec.weight()[i];
            largest = Math.max(largest, Math.abs(spec.weight()[i]));
        }
        exact = largest <= 128 ? 512 : 256;
        panels = new Panels(shape, weights);
        requantize = new RequantizeRow(spec.requantize(), shape, panels.channelPanels() * panels.width());
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(Math.addExact(panels.sums(), panels.imageSize()), panels.sums() + panels.width(), 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        centre(memory.bytes(), inputs[0], memory.scratchFloats(), panels.sums());
        for (int g = 0; g < shape.groups(); g++) {
            for (int panel = 0; panel < panels.channelPanels(); panel++) {
                for (int pixel = 0; pixel < shape.outPlane(); pixel += panels.pixelsOfTile()) {
                    accumulate(g, panel, pixel, memory.scratchFloats(), memory.scratchInts());
                    store(g, panel, pixel, memory, output);
                }
            }
        }
    }

    /** The image as numbers around zero, so that padding is 0. */
    private void centre(byte[] levels, int from, float[] to, int at) {
        Arrays.fill(to, at, at + panels.imageSize(), 0f);
        int n = shape.inWidth() * shape.inChannels();
        for (int y = 0; y < shape.inHeight(); y++) {
            int row = at + panels.row(y);
            int source = from + y * n;
            for (int i = 0; i < n; i++) {
                to[row + i] = (float) ((levels[source + i] & 0xff) - zeroPoint);
            }
        }
    }

    private void accumulate(int group, int panel, int pixel, float[] floats, int[] sums) {
        int size = panels.pixelsOfTile() * panels.width();
        Arrays.fill(sums, 0, size, 0);
        Arrays.fill(floats, 0, size, 0f);
        int done = 0;
        for (int run = 0; run < panels.runs(); run++) {
            for (int first = 0; first < panels.runLength(); ) {
                if (done == exact) {
                    move(floats, sums, size);
                    done = 0;
                }
                int n = Math.min(exact - done, panels.runLength() - first);
                panels.multiply(floats, panels.sums(), group, panel, pixel, run, first, n, floats);
                first += n;
                done += n;
            }
        }
        move(floats, sums, size);
    }

    private static void move(float[] floats, int[] sums, int size) {
        for (int i = 0; i < size; i++) {
            sums[i] += (int) floats[i];
            floats[i] = 0;
        }
    }

    private void store(int group, int panel, int pixel, Memory memory, int output) {
        int width = panels.width();
        int[] sums = memory.scratchInts();
        int levels = panels.sums();
        int count = Math.min(width, shape.outPerGroup() - panel * width);
        int first = group * shape.outPerGroup() + panel * width;
        int last = Math.min(shape.outPlane(), pixel + panels.pixelsOfTile());
        for (int p = pixel; p < last; p++) {
            requantize.run((group * panels.channelPanels() + panel) * width, sums, (p - pixel) * width, width, levels);
            int to = output + p * shape.outChannels() + first;
            for (int i = 0; i < count; i++) {
                memory.bytes()[to + i] = (byte) sums[levels + i];
            }
        }
    }
}
