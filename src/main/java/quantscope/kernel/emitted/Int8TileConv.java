package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Int8 convolution by emitted tiles. The image is laid out with its channels innermost and its padding around it, filled
 * with the zero point, so that a kernel row's products are neighbours and nothing is unrolled.
 */
final class Int8TileConv implements Kernel {

    /** Bytes that a run's last step may read beyond the image. */
    private static final int SLACK = 64;
    private static final int LANES = 16;

    private final ConvShape shape;
    private final int zeroPoint;
    private final int paddedWidth;
    private final int paddedHeight;
    private final List<Block> blocks;

    /** Output channels that are computed together, with code for a row's tiles and for what is left of it. */
    private record Block(int first, int channels, int group, MemorySegment data, Tiling tiling) { }

    /** How a row of output pixels is cut: whole tiles, then at most one smaller one. */
    private record Tiling(Routine whole, int pixels, int groups, Routine rest, int restPixels) { }

    /** @param spec whose weights fit a signed byte */
    Int8TileConv(KernelSpec.Int8Conv spec, CodeMemory memory, Abi abi, Arena arena) {
        shape = spec.shape();
        zeroPoint = spec.inputZeroPoint();
        paddedWidth = Math.max(shape.padLeft() + shape.inWidth(),
                (shape.outWidth() - 1) * shape.strideW() + (shape.kernelW() - 1) * shape.dilationW() + 1);
        paddedHeight = Math.max(shape.padTop() + shape.inHeight(),
                (shape.outHeight() - 1) * shape.strideH() + (shape.kernelH() - 1) * shape.dilationH() + 1);
        Int8Block.Runs runs = Int8Block.Runs.of(shape);
        List<Block> packed = new ArrayList<>();
        for (int group = 0; group < shape.groups(); group++) {
            int done = 0;
            while (done < shape.outPerGroup()) {
                int left = shape.outPerGroup() - done;
                int vectors = vectors(left);
                int channels = Math.min(left, vectors * LANES);
                int first = group * shape.outPerGroup() + done;
                packed.add(new Block(first, channels, group, Int8Block.of(spec, first, vectors, runs, arena),
                        tiling(vectors, channels, runs, memory, abi, arena)));
                done += channels;
            }
        }
        blocks = List.copyOf(packed);
    }

    private int vectors(int channels) {
        int most = shape.outWidth() == 1 ? 8 : shape.outWidth() <= 4 ? 4 : 2;
        return Math.min(most, (channels + LANES - 1) / LANES);
    }

    private Tiling tiling(int vectors, int channels, Int8Block.Runs runs, CodeMemory memory, Abi abi, Arena arena) {
        int most = (32 - 2 - vectors) / vectors;
        int width = shape.outWidth();
        int tiles = (width + most - 1) / most;
        // Tiles of one size waste nothing where the width allows; else the last one is smaller.
        int pixels = (width + tiles - 1) / tiles;
        int rest = width % pixels;
        return new Tiling(routine(pixels, vectors, channels, runs, memory, abi, arena), pixels, width / pixels,
                routine(Math.max(1, rest), vectors, channels, runs, memory, abi, arena), rest);
    }

    private Routine routine(int pixels, int vectors, int channels, Int8Block.Runs runs, CodeMemory memory, Abi abi,
                            Arena arena) {
        Int8Tile tile = new Int8Tile(pixels, vectors, channels - (vectors - 1) * LANES, shape.kernelH(), runs.taps(),
                runs.steps(), runs.tapBytes(), shape.dilationH() * paddedWidth * shape.inChannels(),
                shape.strideW() * shape.inChannels(), shape.outChannels());
        return Routine.tile(memory.load(tile.code(abi), arena));
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, 0, (imageBytes() + outBytes() + 7) / 8 + 1);
    }

    private int imageBytes() {
        return paddedHeight * paddedWidth * shape.inChannels() + SLACK;
    }

    private int outBytes() {
        return shape.outPlane() * shape.outChannels();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        byte[] image = new byte[imageBytes()];
        layOut(memory.bytes(), inputs[0], image);
        byte[] out = new byte[outBytes()];
        MemorySegment in = MemorySegment.ofArray(image);
        MemorySegment to = MemorySegment.ofArray(out);
        compute(in, to);
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int i = 0; i < shape.outPlane(); i++) {
                memory.bytes()[output + o * shape.outPlane() + i] = out[i * shape.outChannels() + o];
            }
        }
    }

    void compute(MemorySegment in, MemorySegment out) {
        for (Block block : blocks) {
            Tiling t = block.tiling();
            for (int y = 0; y < shape.outHeight(); y++) {
                long from = (long) y * shape.strideH() * paddedWidth * shape.inChannels()
                        + (long) block.group() * shape.inPerGroup();
                long to = (long) y * shape.outWidth() * shape.outChannels() + block.first();
                t.whole().call(in, out, block.data(), from, to, t.groups());
                if (t.restPixels() > 0) {
                    int done = t.pixels() * t.groups();
                    t.rest().call(in, out, block.data(), from + (long) done * shape.strideW() * shape.inChannels(),
                            to + (long) done * shape.outChannels(), 1);
                }
            }
        }
    }

    void layOut(byte[] levels, int from, byte[] image) {
        Arrays.fill(image, (byte) zeroPoint);
        int channels = shape.inChannels();
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < shape.inHeight() && y + shape.padTop() < paddedHeight; y++) {
                int row = ((y + shape.padTop()) * paddedWidth + shape.padLeft()) * channels + c;
                int source = from + c * shape.inPlane() + y * shape.inWidth();
                int width = Math.min(shape.inWidth(), paddedWidth - shape.padLeft());
                for (int x = 0; x < width; x++) {
                    image[row + x * channels] = levels[source + x];
                }
            }
        }
    }
}
