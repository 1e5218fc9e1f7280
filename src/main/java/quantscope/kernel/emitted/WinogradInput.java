package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes code that takes a tile's pixels, unsigned bytes, to its points, 16-bit words: at most 50 times as large as the
 * levels, so they fit.
 *
 * @param bits     of vectors
 * @param height   of the tile, in output pixels
 * @param vectors  of channels, a word each
 * @param rowBytes from a row of pixels to the next
 * @param part     for which part of the kernel
 */
record WinogradInput(int bits, int height, int width, int vectors, int pixelBytes, int rowBytes, WinogradLayout layout,
                     WinogradParts parts, int part) {

    private static final int[] SIZES = {2, 3, 4};

    byte[] code(Abi abi) {
        int[][] down = new WinogradMatrices(height).input();
        int[][] across = new WinogradMatrices(width).input();
        int vectorBytes = bits / 8;
        List<Vec> in = IntStream.range(0, WinogradMatrices.MOST_POINTS).mapToObj(i -> new Vec(i, bits)).toList();
        Vec sum = new Vec(in.size(), bits);
        Vec product = new Vec(in.size() + 1, bits);
        LinearForms forms = new LinearForms(true, c -> Mem.at(WinogradFrame.CONSTANTS, constant(c, bits)));
        WinogradFrame frame = new WinogradFrame(down.length * across.length * vectorBytes, product.index() + 1);
        Assembler a = new Assembler();
        frame.begin(a, abi);
        a.mov(WinogradFrame.COUNT, vectors);
        Label channels = new Label();
        a.bind(channels);
        // The last pixel counts for the point at infinity alone.
        int lines = down.length - (parts.hasRow(part, WinogradMatrices.INFINITY) ? 0 : 1);
        int pixels = across.length - (parts.hasColumn(part, WinogradMatrices.INFINITY) ? 0 : 1);
        for (int x = 0; x < pixels; x++) {
            for (int y = 0; y < lines; y++) {
                a.emit(Op.VPMOVZXBW, in.get(y), Mem.at(WinogradFrame.PLAIN, y * rowBytes + x * pixelBytes));
            }
            for (int i = 0; i < down.length; i++) {
                if (parts.hasRow(part, i)) {
                    a.emit(Op.VMOVUPS_STORE, forms.emit(a, down[i], in, sum, product),
                            Mem.at(WinogradFrame.TEMPORARY, (i * across.length + x) * vectorBytes));
                }
            }
        }
        for (int i = 0; i < down.length; i++) {
            if (!parts.hasRow(part, i)) {
                continue;
            }
            for (int x = 0; x < pixels; x++) {
                a.emit(Op.VMOVUPS, in.get(x), Mem.at(WinogradFrame.TEMPORARY, (i * across.length + x) * vectorBytes));
            }
            for (int j = 0; j < across.length; j++) {
                if (parts.hasColumn(part, j)) {
                    a.emit(Op.VMOVUPS_STORE, forms.emit(a, across[j], in, sum, product),
                            WinogradFrame.value(layout, i, j).plus(parts.before(part, i, j) * vectors * vectorBytes));
                }
            }
        }
        WinogradFrame.advance(a, vectorBytes / 2, vectorBytes);
        a.sub(WinogradFrame.COUNT, 1);
        a.jump(Condition.NOT_EQUAL, channels);
        frame.end(a, abi);
        return a.code();
    }

    /** What the code takes: vectors full of one number each. */
    static MemorySegment constants(int bits, Arena arena) {
        int words = bits / 16;
        List<Integer> factors = factors();
        MemorySegment all = arena.allocate((long) factors.size() * bits / 8, CacheLine.BYTES);
        for (int i = 0; i < factors.size() * words; i++) {
            all.set(ValueLayout.JAVA_SHORT, 2L * i, (short) (int) factors.get(i / words));
        }
        return all;
    }

    /** The numbers that any tile's pixels are multiplied by. */
    private static List<Integer> factors() {
        SortedSet<Integer> all = LinearForms.factors(IntStream.of(SIZES).mapToObj(m -> new WinogradMatrices(m).input())
                .toArray(int[][][]::new));
        return new ArrayList<>(all);
    }

    private static int constant(int c, int bits) {
        return factors().indexOf(c) * (bits / 8);
    }
}
