package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;
import quantscope.kernel.SignRule;

/**
 * Binary convolution by emitted tiles: sum = signs - 2 * (signs that differ). A pixel's signs are bits, 1 for minus, 32
 * channels an int; a second image has 1 where there is a sign at all, so neither in the padding nor, where the sign of 0
 * is 0, for zeros.
 */
final class BitTileConv implements Kernel {

    /** Rows of a linear layer's inputs whose bits lie side by side. */
    private static final int ROWS = 32;

    private final KernelSpec.BinaryConv spec;
    private final ConvShape shape;
    private final PaddedImage image;
    private final int words;
    private final Way way;
    private final BitSource source;
    private final TiledConv tiles;
    private final boolean toBits;
    /** Signs of each output pixel of a group where nothing but the padding has none. */
    private final int[] complete;
    private final CodeMemory memory;
    private final Abi abi;
    private final Arena arena;

    BitTileConv(KernelSpec.BinaryConv spec, Way way, CodeMemory memory, Abi abi, Arena arena) {
        this.spec = spec;
        this.way = way;
        this.memory = memory;
        this.abi = abi;
        this.arena = arena;
        shape = spec.shape();
        words = (shape.inPerGroup() + 31) / 32;
        image = new PaddedImage(shape, 4 * words * shape.groups());
        TiledLayer layer = new TiledLayer(shape, image, way, 4 * words, image.bytes(), 0);
        tiles = new TiledConv(layer, Ending.SIGNS, BitWeights.of(spec, layer), memory, abi, arena);
        source = source(SignRule.of(spec.source(), shape.inChannels()));
        toBits = false;
        complete = new int[shape.outPlane()];
        for (int pixel = 0; pixel < complete.length; pixel++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                boolean inside = shape.pixel(pixel / shape.outWidth(), pixel % shape.outWidth(), tap / shape.kernelW(),
                        tap % shape.kernelW()) >= 0;
                complete[pixel] += inside ? shape.inPerGroup() : 0;
            }
        }
    }

    private BitTileConv(BitTileConv from, BitSource source, TiledConv tiles, boolean toBits) {
        spec = from.spec;
        way = from.way;
        memory = from.memory;
        abi = from.abi;
        arena = from.arena;
        shape = from.shape;
        words = from.words;
        image = from.image;
        complete = from.complete;
        this.source = source;
        this.tiles = tiles;
        this.toBits = toBits;
    }

    /** The same layer between others. */
    Optional<Kernel> with(Fused how) {
        boolean fitting = switch (how.input()) {
            case Fused.Input.Bits _ -> shape.inPerGroup() % 32 == 0;
            case Fused.Input.Signs _, Fused.Input.AsSpecified _ -> true;
        };
        return fitting ? tiles(how.output()).map(to -> new BitTileConv(this, source(how.input()), to,
                how.output() instanceof Fused.Output.Bits)) : Optional.empty();
    }

    private BitSource source(Fused.Input input) {
        return switch (input) {
            case Fused.Input.AsSpecified _ -> source;
            case Fused.Input.Signs s -> source(s.rule());
            case Fused.Input.Bits _ -> new GivenBits(image);
        };
    }

    private BitSource source(SignRule rule) {
        return new RuleBits(image, rule, spec.source().zeroSign(), way.bits(), memory, abi, arena);
    }

    private Optional<TiledConv> tiles(Fused.Output output) {
        return switch (output) {
            case Fused.Output.Floats f when f.after().isEmpty() -> Optional.of(tiles);
            case Fused.Output.Floats f -> Ending.SIGNS.then(f.after(), shape.outChannels())
                    .map(ending -> tiles.with(ending, (o, head, place) -> Ending.pack(f.after(), o, head, place)));
            case Fused.Output.Bits b when shape.outPerGroup() % 32 == 0 -> Optional.of(tiles.with(Ending.BITS,
                    (o, head, place) -> {
                        head.set(ValueLayout.JAVA_INT, place.below(), b.signs().below()[o]);
                        head.set(ValueLayout.JAVA_INT, place.turned(), b.signs().turned()[o]);
                    }));
            case Fused.Output.Bits _ -> Optional.empty();
        };
    }

    @Override
    public String way() {
        return way.label();
    }

    /** Bits, masks, and behind them the number of signs of each group's output pixels; so many times for rows. */
    @Override
    public Scratch scratch() {
        int each = Math.addExact(2 * image.bytes() / 4, shape.groups() * shape.outPlane());
        return new Scratch(0, gainsFromRows() ? Math.multiplyExact(ROWS, each) : each, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        int[] ints = memory.scratchInts();
        int size = image.bytes() / 4;
        pack(memory, inputs[0], ints, 0, 2 * size);
        tiles.run(MemorySegment.ofArray(ints), 0, out(memory), outBytes() * output, 8L * size, memory.team());
    }

    /** Packs an image and counts its signs. */
    private void pack(Memory memory, int from, int[] ints, int bits, int signs) {
        int size = image.bytes() / 4;
        if (!image.plain()) {
            Arrays.fill(ints, bits, bits + 2 * size, 0);
        }
        if (source.pack(memory, from, ints, bits, bits + size)) {
            for (int g = 0; g < shape.groups(); g++) {
                System.arraycopy(complete, 0, ints, signs + g * complete.length, complete.length);
            }
        } else {
            countSigns(ints, bits + size, signs);
        }
    }

    private MemorySegment out(Memory memory) {
        return toBits ? MemorySegment.ofArray(memory.bytes()) : MemorySegment.ofArray(memory.floats());
    }

    private long outBytes() {
        return toBits ? 1 : 4;
    }

    @Override
    public boolean gainsFromRows() {
        return tiles.linear() && shape.groups() == 1;
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (!gainsFromRows()) {
            Kernel.super.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        int[] ints = memory.scratchInts();
        int size = image.bytes() / 4;
        for (int done = 0; done < rows; done += ROWS) {
            int first = done;
            int n = Math.min(ROWS, rows - done);
            int signs = 2 * size * n;
            memory.team().split(n, (from, to) -> {
                for (int row = from; row < to; row++) {
                    pack(memory, input + (first + row) * inStride, ints, 2 * size * row, signs + row);
                }
            });
            tiles.runRows(MemorySegment.ofArray(ints), 0, out(memory), outBytes() * (output + done * outStride), n,
                    8 * size, (int) outBytes() * outStride, 4L * signs, memory.team());
        }
    }

    private void countSigns(int[] ints, int masks, int signs) {
        int to = signs;
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
}
