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
 * block of output channels, matrices of tiles by input channels are multiplied point by point and transformed back. Where
 * there are strips enough, a team's members do one each, so that what a member transforms stays in its own cache; else they
 * share a strip's rows, then its blocks.
 */
final class WinogradConv implements Kernel {

    /** Vectors of output channels that are computed together. */
    private static final int VECTORS = 2;
    /** Parts that a team does side by side, which have memory of their own. */
    private static final int MOST_PARTS = 8;
    /** Of that for strips. */
    private static final int MOST_BYTES = 4 << 20;
    /** Arrays of the size that is needed here begin 16 bytes behind a multiple of 64. */
    private static final int TO_LINE = 48;
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
    private final int pointsAt;
    private final int pointsBytes;
    private final int sumsBytes;
    private final int stripParts;
    private final int blockParts;

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
        long weightBytes = count * weights.bytes(VECTORS);
        WeightMemory room = memory.weights(weightBytes, arena);
        blocks = IntStream.range(0, count).parallel().mapToObj(i -> {
            int channels = Math.min(usual, shape.outChannels() - i * usual);
            int vectors = (channels + way.lanes() - 1) / way.lanes();
            return new Block(i * usual, channels < usual ? 1 : 0, weights.block(i * usual, channels, vectors, room),
                    weights.ending(i * usual, channels, vectors, arena));
        }).toList();
        inputConstants = WinogradInput.constants(way.bits(), arena);
        int last = (shape.outChannels() - 1) % usual + 1;
        strips = new WinogradCode(way, image, weights.channels(), weights.parts(), List.of(usual, last), caches.strip(),
                weightBytes <= caches.strip(), memory, abi, arena).strips();
        pointsAt = TO_LINE + (image.plain() ? 0 : lines(image.bytes() + SLACK));
        pointsBytes = most(WinogradStrip.Bytes::points);
        sumsBytes = most(WinogradStrip.Bytes::sums);
        stripParts = Math.clamp(MOST_BYTES / (pointsBytes + sumsBytes), 1, Math.min(MOST_PARTS, strips.size()));
        blockParts = Math.min(MOST_PARTS, blocks.size());
    }

    private int most(ToIntFunction<WinogradStrip.Bytes> bytes) {
        return lines(strips.stream().map(WinogradStrip::bytes).mapToInt(bytes).max().orElseThrow());
    }

    private static int lines(int bytes) {
        return Math.toIntExact(CacheLine.up(bytes));
    }

    @Override
    public String way() {
        return "Winograd, " + way.label();
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, 0, scratchBytes() / Long.BYTES + 1);
    }

    private int scratchBytes() {
        return Math.addExact(pointsAt, Math.max(Math.multiplyExact(stripParts, Math.addExact(pointsBytes, sumsBytes)),
                Math.addExact(pointsBytes, Math.multiplyExact(blockParts, sumsBytes))));
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment levels = MemorySegment.ofArray(memory.bytes());
        MemorySegment scratch = MemorySegment.ofArray(memory.scratchLongs());
        Objects.checkFromIndexSize(0, scratchBytes(), scratch.byteSize());
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
        Image one = new Image(pixels, at, scratch, levels, output);
        Team team = memory.team();
        if (team.members() == 1) {
            strips.forEach(strip -> run(strip, one, pointsAt));
        } else if (occupy(team)) {
            team.run(stripParts, (_, part) -> {
                for (WinogradStrip strip : share(strips, part, stripParts)) {
                    run(strip, one, pointsAt + part * (pointsBytes + sumsBytes));
                }
            });
        } else {
            strips.forEach(strip -> run(strip, one, team));
        }
    }

    /** Whether there are strips for all members most of the time. */
    private boolean occupy(Team team) {
        int turns = (stripParts + team.members() - 1) / team.members();
        return 5 * stripParts > 4 * turns * team.members();
    }

    /** Where the pixels and the levels of an image are, and room to work. */
    private record Image(MemorySegment pixels, long at, MemorySegment scratch, MemorySegment levels, int output) { }

    private static <T> List<T> share(List<T> all, int part, int parts) {
        return all.subList(all.size() * part / parts, all.size() * (part + 1) / parts);
    }

    private void run(WinogradStrip strip, Image image, int points) {
        transform(strip, image, points, 0, strip.rows());
        blocks.forEach(block -> run(strip, block, image, points, points + pointsBytes));
    }

    private void run(WinogradStrip strip, Image image, Team team) {
        team.split(strip.rows(), (from, to) -> transform(strip, image, pointsAt, from, to));
        team.run(blockParts, (_, part) -> {
            for (Block block : share(blocks, part, blockParts)) {
                run(strip, block, image, pointsAt, pointsAt + pointsBytes + part * sumsBytes);
            }
        });
    }

    private void transform(WinogradStrip strip, Image image, int points, int from, int to) {
        strip.transform(image.pixels(), image.at(), image.scratch(), points, inputConstants, from, to);
    }

    private void run(WinogradStrip strip, Block block, Image image, int points, int sums) {
        strip.multiply(image.scratch(), points, sums, block.weights(), block.size());
        strip.finish(image.scratch(), sums, image.levels(), image.output() + block.first(), block.ending(), block.size());
    }

    /** So that all images of a layer find its weights, which are eight times as large as they were, in the cache. */
    @Override
    public boolean gainsFromRows() {
        return true;
    }
}
