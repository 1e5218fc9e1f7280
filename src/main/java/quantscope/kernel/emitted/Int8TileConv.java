package quantscope.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
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

    private final ConvShape shape;
    private final Int8Way way;
    private final int zeroPoint;
    private final int paddedWidth;
    private final int paddedHeight;
    private final List<Block> blocks;

    /** Output channels that are computed together, with code for a row's tiles and for what is left of it. */
    private record Block(int first, int group, MemorySegment data, Tiling tiling) { }

    /** How a row of output pixels is cut: whole tiles, then at most one smaller one. */
    private record Tiling(Routine whole, int pixels, int groups, Routine rest, int restPixels) { }

    /** @param spec whose weights fit a signed byte where {@code way} takes bytes */
    Int8TileConv(KernelSpec.Int8Conv spec, Int8Way way, CodeMemory memory, Abi abi, Arena arena) {
        shape = spec.shape();
        this.way = way;
        zeroPoint = spec.inputZeroPoint();
        paddedWidth = Math.max(shape.padLeft() + shape.inWidth(),
                (shape.outWidth() - 1) * shape.strideW() + (shape.kernelW() - 1) * shape.dilationW() + 1);
        paddedHeight = Math.max(shape.padTop() + shape.inHeight(),
                (shape.outHeight() - 1) * shape.strideH() + (shape.kernelH() - 1) * shape.dilationH() + 1);
        Int8Block.Runs runs = Int8Block.Runs.of(shape, way);
        List<Block> packed = new ArrayList<>();
        for (int group = 0; group < shape.groups(); group++) {
            int done = 0;
            while (done < shape.outPerGroup()) {
                int vectors = vectors(shape.outPerGroup() - done);
                int channels = Math.min(shape.outPerGroup() - done, vectors * way.lanes());
                int first = group * shape.outPerGroup() + done;
                packed.add(new Block(first, group, Int8Block.of(spec, first, new Int8Layout(way, vectors), runs, arena),
                        tiling(vectors, channels, runs, memory, abi, arena)));
                done += channels;
            }
        }
        blocks = List.copyOf(packed);
    }

    /** Two vectors of channels keep loads few; where a row has few pixels, more of them keep the multipliers busy. */
    private int vectors(int channels) {
        int most = way.registers() < 32 || shape.outWidth() > 4 ? 2 : shape.outWidth() == 1 ? 8 : 4;
        return Math.min(most, (channels + way.lanes() - 1) / way.lanes());
    }

    private Tiling tiling(int vectors, int channels, Int8Block.Runs runs, CodeMemory memory, Abi abi, Arena arena) {
        int most = way.pixels(vectors);
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
        Int8Tile tile = new Int8Tile(way, pixels, vectors, channels - (vectors - 1) * way.lanes(), shape.kernelH(),
                runs.taps(), runs.steps(), runs.tapBytes(), shape.dilationH() * rowBytes(),
                shape.strideW() * pixelBytes(), shape.outChannels());
        return Routine.tile(memory.load(tile.code(abi), arena));
    }

    private int pixelBytes() {
        return shape.inChannels() * way.valueBytes();
    }

    private int rowBytes() {
        return paddedWidth * pixelBytes();
    }

    private int imageLongs() {
        return (Math.multiplyExact(paddedHeight, rowBytes()) + SLACK + 7) / 8;
    }

    @Override
    public Scratch scratch() {
        int out = Math.multiplyExact(shape.outPlane(), shape.outChannels());
        return new Scratch(0, 0, Math.addExact(imageLongs(), (out + 7) / 8));
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment scratch = MemorySegment.ofArray(memory.scratchLongs());
        long out = 8L * imageLongs();
        if (way.valueBytes() == 1) {
            NhwcImage.bytes(shape, zeroPoint, memory.bytes(), inputs[0], paddedWidth, paddedHeight, scratch);
        } else {
            NhwcImage.words(shape, zeroPoint, memory.bytes(), inputs[0], paddedWidth, paddedHeight, scratch);
        }
        compute(scratch, scratch, out);
        MemorySegment.copy(scratch, JAVA_BYTE, out, memory.bytes(), output, shape.outPlane() * shape.outChannels());
    }

    /** From a laid out image to levels with their channels innermost, {@code outAt} bytes into {@code out}. */
    void compute(MemorySegment in, MemorySegment out, long outAt) {
        for (Block block : blocks) {
            Tiling t = block.tiling();
            for (int y = 0; y < shape.outHeight(); y++) {
                long from = (long) y * shape.strideH() * rowBytes()
                        + (long) block.group() * shape.inPerGroup() * way.valueBytes();
                long to = outAt + (long) y * shape.outWidth() * shape.outChannels() + block.first();
                t.whole().call(in, out, block.data(), from, to, t.groups());
                if (t.restPixels() > 0) {
                    int done = t.pixels() * t.groups();
                    t.rest().call(in, out, block.data(), from + (long) done * shape.strideW() * pixelBytes(),
                            to + (long) done * shape.outChannels(), 1);
                }
            }
        }
    }
}
