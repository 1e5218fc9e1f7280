package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Binary convolution by emitted tiles: sum = signs - 2 * (signs that differ). A pixel's signs are bits, 1 for minus, 32
 * channels an int; a second image has 1 where there is a sign at all, so neither in the padding nor, where the sign of 0
 * is 0, for zeros.
 */
final class BitTileConv implements Kernel {

    private final KernelSpec.BinaryConv spec;
    private final ConvShape shape;
    private final PaddedImage image;
    private final int words;
    private final Way way;
    private final TiledConv tiles;
    /** Signs of each output pixel of a group where nothing but the padding has none. */
    private final int[] complete;
    private final Routine signs;

    BitTileConv(KernelSpec.BinaryConv spec, Way way, CodeMemory memory, Abi abi, Arena arena) {
        this.spec = spec;
        this.way = way;
        shape = spec.shape();
        words = (shape.inPerGroup() + 31) / 32;
        image = new PaddedImage(shape, 4 * words * shape.groups());
        tiles = new TiledConv(shape, image, 4 * words, image.bytes(), way, Ending.SIGNS, this::pack, _ -> { }, memory,
                abi, arena);
        int zeroSign = spec.source().zeroSign();
        signs = Routine.stream(memory.load(way == Way.BITS_512 ? new SignCode(zeroSign, image.bytes()).code(abi)
                : new SignCodeAvx2(zeroSign, image.bytes()).code(abi), arena));
        complete = new int[shape.outPlane()];
        for (int pixel = 0; pixel < complete.length; pixel++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                boolean inside = shape.pixel(pixel / shape.outWidth(), pixel % shape.outWidth(), tap / shape.kernelW(),
                        tap % shape.kernelW()) >= 0;
                complete[pixel] += inside ? shape.inPerGroup() : 0;
            }
        }
    }

    private void pack(int o, MemorySegment block, TiledConv.Place place) {
        for (int k = 0; k < shape.depth(); k++) {
            if (spec.weight()[shape.weight(o, k)] < 0) {
                int tap = k / shape.inPerGroup();
                int c = k % shape.inPerGroup();
                long at = place.weight(tap / shape.kernelW(), tap % shape.kernelW(), c / 32 * 4);
                block.set(ValueLayout.JAVA_INT, at, block.get(ValueLayout.JAVA_INT, at) | 1 << c);
            }
        }
        block.set(ValueLayout.JAVA_FLOAT, place.factor(), spec.alpha()[o]);
        block.set(ValueLayout.JAVA_FLOAT, place.bias(), spec.bias()[o]);
    }

    @Override
    public String way() {
        return way.label();
    }

    /** Bits, masks, and behind them the number of signs of each group's output pixels. */
    @Override
    public Scratch scratch() {
        return new Scratch(0, Math.addExact(2 * image.bytes() / 4, shape.groups() * shape.outPlane()), 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        int[] ints = memory.scratchInts();
        int size = image.bytes() / 4;
        Arrays.fill(ints, 0, 2 * size, 0);
        boolean whole = shape.inPerGroup() % 32 == 0 && !spec.source().int8();
        if (whole ? packRows(memory.floats(), inputs[0], ints, size) : packSigns(memory, inputs[0], ints, size)) {
            for (int g = 0; g < shape.groups(); g++) {
                System.arraycopy(complete, 0, ints, 2 * size + g * complete.length, complete.length);
            }
        } else {
            countSigns(ints, size);
        }
        MemorySegment segment = MemorySegment.ofArray(ints);
        tiles.run(segment, 0, MemorySegment.ofArray(memory.floats()), 4L * output, 8L * size, memory.team());
    }

    private void countSigns(int[] ints, int masks) {
        int to = 2 * masks;
        for (int g = 0; g < shape.groups(); g++) {
            for (int pixel = 0; pixel < shape.outPlane(); pixel++, to++) {
                int row = pixel / shape.outWidth() * shape.strideH() * image.rowBytes();
                int at = masks + (row + pixel % shape.outWidth() * shape.strideW() * image.pixelBytes()) / 4 + g * words;
                ints[to] = signs(ints, at);
            }
        }
    }

    private int signs(int[] ints, int at) {
        int signs = 0;
        for (int tap = 0; tap < shape.taps(); tap++) {
            int from = at + tap / shape.kernelW() * shape.dilationH() * image.rowBytes() / 4
                    + tap % shape.kernelW() * shape.dilationW() * image.pixelBytes() / 4;
            for (int word = 0; word < words; word++) {
                signs += Integer.bitCount(ints[from + word]);
            }
        }
        return signs;
    }

    /**
     * Whole ints of channels: a row of pixels is a row of bits.
     *
     * @return whether every value has a sign
     */
    private boolean packRows(float[] values, int from, int[] ints, int masks) {
        int row = shape.inWidth() * shape.inChannels();
        MemorySegment in = MemorySegment.ofArray(values);
        MemorySegment out = MemorySegment.ofArray(ints);
        Objects.checkFromIndexSize(from, row * shape.inHeight(), values.length);
        int every = -1;
        for (int y = 0; y < shape.inHeight(); y++) {
            signs.call(in, out, 4L * (from + y * row), image.row(y), row / SignCode.floats());
            int first = masks + (int) (image.row(y) / 4);
            if (spec.source().zeroSign() != 0) {
                Arrays.fill(ints, first, first + row / 32, -1);
            }
            for (int i = 0; i < row / 32; i++) {
                every &= ints[first + i];
            }
        }
        return every == -1;
    }

    /** @return whether every value has a sign */
    private boolean packSigns(Memory memory, int from, int[] ints, int masks) {
        boolean every = true;
        int at = from;
        for (int y = 0; y < shape.inHeight(); y++) {
            int to = (int) (image.row(y) / 4);
            for (int x = 0; x < shape.inWidth() * shape.groups(); x++) {
                for (int word = 0; word < words; word++, to++) {
                    int n = Math.min(32, shape.inPerGroup() - 32 * word);
                    int minus = 0;
                    int some = 0;
                    for (int i = 0; i < n; i++) {
                        int sign = spec.source().withoutZero(memory, at + i);
                        minus |= (sign >>> 31) << i;
                        some |= (sign & 1) << i;
                    }
                    int all = n == 32 ? -1 : (1 << n) - 1;
                    ints[to] = spec.source().zeroSign() < 0 ? minus | all & ~some : minus;
                    ints[masks + to] = spec.source().zeroSign() == 0 ? some : all;
                    every &= ints[masks + to] == all;
                    at += n;
                }
            }
        }
        return every;
    }
}
