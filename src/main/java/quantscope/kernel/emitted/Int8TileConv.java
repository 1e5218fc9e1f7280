package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** Int8 convolution by emitted tiles; padding is the zero point. */
final class Int8TileConv implements Kernel {

    /** Bytes that the last step may read beyond the image. */
    private static final int SLACK = 16;

    private final KernelSpec.Int8Conv spec;
    private final Way way;
    private final PaddedImage image;
    private final TiledConv tiles;

    /** @param spec whose weights fit a signed byte unless {@code way} takes words */
    Int8TileConv(KernelSpec.Int8Conv spec, Way way, CodeMemory memory, Abi abi, Arena arena) {
        this.spec = spec;
        this.way = way;
        ConvShape shape = spec.shape();
        image = new PaddedImage(shape, shape.inChannels() * way.valueBytes());
        TiledLayer layer = new TiledLayer(shape, image, way, shape.inPerGroup() * way.valueBytes(), 0, spec.largestLevel());
        tiles = new TiledConv(layer, Ending.LEVELS, Int8Weights.of(spec, layer), memory, abi, arena);
    }

    /** Steps beyond those of the depth that {@link Remainder} adds, as a share of these. */
    double moreSteps() {
        return tiles.moreSteps();
    }

    /** Share of the output channels that go a way. */
    double share(Way one) {
        return tiles.share(one);
    }

    @Override
    public String way() {
        double pairs = tiles.share(Way.PAIRS_256);
        String name = pairs > 0 && pairs < 1 ? String.format(Locale.ROOT, "%s (%.0f%% %s)", way.label(), 100 * pairs,
                Way.PAIRS_256.label()) : pairs == 1 ? Way.PAIRS_256.label() : way.label();
        return tiles.moreSteps() == 0 ? name : String.format(Locale.ROOT, "%s, %.1f%% more steps", name,
                100 * tiles.moreSteps());
    }

    @Override
    public Scratch scratch() {
        return asItIs() ? Scratch.NONE : new Scratch(0, 0, (image.bytes() + SLACK + 7) / 8);
    }

    private boolean asItIs() {
        return image.plain() && way.valueBytes() == 1;
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment levels = MemorySegment.ofArray(memory.bytes());
        if (asItIs()) {
            tiles.run(levels, inputs[0], levels, output, 0, memory.team());
            return;
        }
        MemorySegment padded = MemorySegment.ofArray(memory.scratchLongs());
        if (way.valueBytes() == 1) {
            padded.asSlice(0, image.bytes()).fill((byte) spec.inputZeroPoint());
            image.copy(levels, inputs[0], padded);
        } else {
            image.copyAsWords(levels, inputs[0], spec.inputZeroPoint(), padded);
        }
        tiles.run(padded, 0, levels, output, 0, memory.team());
    }

    @Override
    public boolean gainsFromRows() {
        return tiles.linear() && asItIs();
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (!gainsFromRows()) {
            Kernel.super.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        MemorySegment values = MemorySegment.ofArray(memory.bytes());
        tiles.runRows(values, input, values, output, rows, inStride, outStride, memory.team());
    }
}
