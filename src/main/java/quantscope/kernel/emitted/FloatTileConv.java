package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** fp32 convolution by emitted tiles; sums begin with the bias and go on row by row, tap by tap, channel by channel. */
final class FloatTileConv implements Kernel {

    private final KernelSpec.Conv spec;
    private final PaddedImage image;
    private final Way way;
    private final TiledConv tiles;

    FloatTileConv(KernelSpec.Conv spec, Way way, CodeMemory memory, Abi abi, Arena arena) {
        this.spec = spec;
        this.way = way;
        ConvShape shape = spec.shape();
        image = new PaddedImage(shape, 4 * shape.inChannels());
        TiledLayer layer = new TiledLayer(shape, image, way, 4 * shape.inPerGroup(), 0, 0);
        tiles = new TiledConv(layer, Ending.FLOATS, FloatWeights.of(spec, layer), memory, abi, arena);
    }

    private FloatTileConv(FloatTileConv from, TiledConv tiles) {
        spec = from.spec;
        image = from.image;
        way = from.way;
        this.tiles = tiles;
    }

    /** The same layer with what stands behind it. */
    Optional<Kernel> with(Fused how) {
        return how.input() instanceof Fused.Input.AsSpecified && how.output() instanceof Fused.Output.Floats to
                ? Ending.FLOATS.then(to.after(), spec.shape().outChannels()).map(ending -> new FloatTileConv(this,
                        tiles.with(ending, (o, head, place) -> Ending.pack(to.after(), o, head, place))))
                : Optional.empty();
    }

    @Override
    public String way() {
        return way.label();
    }

    @Override
    public Scratch scratch() {
        return asItIs() ? Scratch.NONE : new Scratch(Math.addExact(image.bytes() / 4, way.lanes()), 0, 0);
    }

    /** A last vector of channels is read whole, beyond the image's last pixel. */
    private boolean asItIs() {
        return image.plain() && !(way.byChannel() && spec.shape().inChannels() % way.lanes() > 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment floats = MemorySegment.ofArray(memory.floats());
        if (asItIs()) {
            tiles.run(floats, 4L * inputs[0], floats, 4L * output, 0, memory.team());
            return;
        }
        MemorySegment padded = MemorySegment.ofArray(memory.scratchFloats());
        padded.asSlice(0, image.bytes()).fill((byte) 0);
        image.copy(floats, 4L * inputs[0], padded);
        tiles.run(padded, 0, floats, 4L * output, 0, memory.team());
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
        MemorySegment values = MemorySegment.ofArray(memory.floats());
        tiles.runRows(values, 4L * input, values, 4L * output, rows, 4 * inStride, 4 * outStride, memory.team());
    }
}
