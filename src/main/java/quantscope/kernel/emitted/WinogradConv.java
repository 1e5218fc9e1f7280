package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;
import quantscope.kernel.Team;

/**
 * Int8 convolution by {@link WinogradMatrices}: exact, with a fourth to a third of the products, which are of 16-bit words.
 *
 * <p>Some rows of tiles at a time, as many as stay in the second-level cache: their pixels are transformed; then, for each
 * block of output channels, matrices of tiles by input channels are multiplied point by point and transformed back.
 */
final class WinogradConv implements Kernel {

    /** Vectors of output channels that are computed together. */
    private static final int VECTORS = 2;
    /** Members of a team that work side by side have memory for sums of their own. */
    private static final int MOST_REGIONS = 8;
    /** Arrays of the size that is needed here begin 16 bytes behind a multiple of 64. */
    private static final int TO_LINE = 48;
    private static final int LINE = 64;
    /** Bytes that the last vector of channels may reach beyond the image. */
    private static final int SLACK = 32;

    /**
     * Output channels that are computed together.
     *
     * @param size    0 for the usual one, 1 for the last block's
     * @param weights for each pair of points
     */
    private record Block(int first, int size, List<MemorySegment> weights, MemorySegment ending) { }

    private final int zeroPoint;
    private final ConvShape shape;
    private final Way way;
    private final PaddedImage image;
    private final List<WinogradStrip> strips;
    private final List<Block> blocks;
    private final MemorySegment inputConstants;
    private final int regions;
    private final int pointsAt;
    private final int sumsAt;
    private final int sumsBytes;

    /** Whether every sum stays exact and the geometry fits; the way takes pairs of 16-bit words. */
    static boolean takes(KernelSpec.Int8Conv spec, Way way) {
        ConvShape s = spec.shape();
        int most = VECTORS * way.lanes();
        return WinogradParts.takes(s.kernelH()) && WinogradParts.takes(s.kernelW()) && s.strideH() == 1
                && s.strideW() == 1 && s.dilationH() == 1 && s.dilationW() == 1 && s.groups() == 1 && s.outHeight() > 1
                && s.outWidth() > 1 && s.inChannels() >= most && s.outChannels() >= most
                && WinogradWeights.largestSum(spec) < 1L << 31 - WinogradMatrices.MOST_TWOS;
    }

    WinogradConv(KernelSpec.Int8Conv spec, Way way, Caches caches, CodeMemory memory, Abi abi, Arena arena) {
        this.way = way;
        zeroPoint = spec.inputZeroPoint();
        shape = spec.shape();
        image = new PaddedImage(shape, shape.inChannels());
        WinogradWeights weights = new WinogradWeights(spec, way);
        int usual = VECTORS * way.lanes();
        int count = (shape.outChannels() + usual - 1) / usual;
        WeightMemory room = memory.weights(count * weights.bytes(VECTORS), arena);
        blocks = IntStream.range(0, count).parallel().mapToObj(i -> {
            int channels = Math.min(usual, shape.outChannels() - i * usual);
            int vectors = (channels + way.lanes() - 1) / way.lanes();
            return new Block(i * usual, channels < usual ? 1 : 0, weights.block(i * usual, channels, vectors, room),
                    weights.ending(i * usual, channels, vectors, arena));
        }).toList();
        inputConstants = WinogradInput.constants(way.bits(), arena);
        int last = (shape.outChannels() - 1) % usual + 1;
        strips = new WinogradCode(way, image, weights.channels(), weights.parts(), List.of(usual, last), caches.strip(), memory,
                abi, arena).strips();
        regions = Math.min(MOST_REGIONS, blocks.size());
        pointsAt = TO_LINE + (image.plain() ? 0 : lines(image.bytes() + SLACK));
        sumsAt = pointsAt + most(WinogradStrip.Bytes::points);
        sumsBytes = most(WinogradStrip.Bytes::sums);
    }

    private int most(ToIntFunction<WinogradStrip.Bytes> bytes) {
        return lines(strips.stream().map(WinogradStrip::bytes).mapToInt(bytes).max().orElseThrow());
    }

    private static int lines(int bytes) {
        return Math.addExact(bytes, LINE - 1) / LINE * LINE;
    }

    @Override
    public String way() {
        return "Winograd, " + way.label();
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, 0, Math.addExact(sumsAt, Math.multiplyExact(regions, sumsBytes)) / Long.BYTES + 1);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment levels = MemorySegment.ofArray(memory.bytes());
        MemorySegment scratch = MemorySegment.ofArray(memory.scratchLongs());
        Objects.checkFromIndexSize(0, (long) sumsAt + (long) regions * sumsBytes, scratch.byteSize());
        Objects.checkFromIndexSize(output, shape.outPlane() * shape.outChannels(), memory.bytes().length);
        Objects.checkFromIndexSize(inputs[0], shape.inPlane() * shape.inChannels() + SLACK, memory.bytes().length);
        MemorySegment pixels = levels;
        long at = inputs[0];
        if (!image.plain()) {
            MemorySegment padded = scratch.asSlice(TO_LINE);
            padded.asSlice(0, image.bytes()).fill((byte) zeroPoint);
            image.copy(levels, at, padded);
            pixels = scratch;
            at = TO_LINE;
        }
        for (WinogradStrip strip : strips) {
            run(strip, pixels, at, scratch, levels, output, memory.team());
        }
    }

    private void run(WinogradStrip strip, MemorySegment pixels, long at, MemorySegment scratch, MemorySegment levels,
                     int output, Team team) {
        team.split(strip.rows(), (from, to) -> strip.transform(pixels, at, scratch, pointsAt, inputConstants, from, to));
        if (team.members() == 1) {
            blocks.forEach(block -> block(strip, block, scratch, sumsAt, levels, output));
        } else {
            team.run(regions, (_, part) -> {
                for (int b = blocks.size() * part / regions; b < blocks.size() * (part + 1) / regions; b++) {
                    block(strip, blocks.get(b), scratch, sumsAt + part * sumsBytes, levels, output);
                }
            });
        }
    }

    private void block(WinogradStrip strip, Block block, MemorySegment scratch, int sums, MemorySegment levels, int output) {
        strip.multiply(scratch, pointsAt, sums, block.weights(), block.size());
        strip.finish(scratch, sums, levels, output + block.first(), block.ending(), block.size());
    }

    /** So that all images of a layer find its weights, which are eight times as large as they were, in the cache. */
    @Override
    public boolean gainsFromRows() {
        return true;
    }
}
