package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Steps for CPUs without VNNI: vpmaddubsw adds pairs of u8 x s8 products in 16 bits, where {@link Remainder} keeps them from
 * saturating; vpmaddwd by ones adds those to int32. Two steps share the second part where {@code doubled}.
 *
 * <p>Of 16 registers, sums have the first, then come the weights of a step (of two, but for the last vector's second,
 * which is read from memory for each pixel: one register more for sums is worth it), products, pixels, and the ones.
 *
 * @param pixelBytes from a pixel to the next
 */
record SaturatingSteps(boolean doubled, int pixels, int vectors, int pixelBytes, Gp row, Gp weight) {

    private static final Vec ONES = Vec.ymm(15);
    private static final Vec PIXEL = Vec.ymm(14);
    private static final Vec NEXT_PIXEL = Vec.ymm(13);
    private static final Vec PRODUCT = Vec.ymm(12);
    private static final Vec NEXT_PRODUCT = Vec.ymm(11);
    private static final int VECTOR_BYTES = 32;

    /** Pixels that fit beside this many vectors of channels. */
    static int pixels(boolean doubled, int vectors) {
        int weights = doubled ? 2 * vectors - 1 : vectors;
        // Without a further vector, products take the pixels' registers.
        int products = vectors == 1 ? 0 : doubled ? 2 : 1;
        return (16 - 1 - (doubled ? 2 : 1) - products - weights) / vectors;
    }

    void ones(Assembler a, Gp block) {
        a.emit(Op.VPBROADCASTD, ONES, Mem.at(block, BlockLayout.ONE_WORDS));
    }

    void steps(Assembler a, int n) {
        for (int u = 0; u < n; u += doubled ? 2 : 1) {
            if (doubled && u + 1 < n) {
                two(a, u);
            } else {
                one(a, u);
            }
        }
        a.add(weight, VECTOR_BYTES * n * vectors);
        a.add(row, 4 * n);
    }

    private void one(Assembler a, int u) {
        for (int v = 0; v < vectors; v++) {
            a.emit(Op.VMOVUPS, register(v), weights(u, v));
        }
        for (int p = 0; p < pixels; p++) {
            a.emit(Op.VPBROADCASTD, PIXEL, Mem.at(row, p * pixelBytes + 4 * u));
            for (int v = 0; v < vectors; v++) {
                Vec product = v == vectors - 1 ? PIXEL : PRODUCT;
                a.emit(Op.VPMADDUBSW, product, PIXEL, register(v));
                add(a, p, v, product);
            }
        }
    }

    private void two(Assembler a, int u) {
        for (int i = 0; i < 2 * vectors - 1; i++) {
            a.emit(Op.VMOVUPS, register(i), weights(u + i % 2, i / 2));
        }
        for (int p = 0; p < pixels; p++) {
            a.emit(Op.VPBROADCASTD, PIXEL, Mem.at(row, p * pixelBytes + 4 * u));
            a.emit(Op.VPBROADCASTD, NEXT_PIXEL, Mem.at(row, p * pixelBytes + 4 * u + 4));
            for (int v = 0; v < vectors; v++) {
                boolean last = v == vectors - 1;
                Vec product = last ? PIXEL : PRODUCT;
                Vec next = last ? NEXT_PIXEL : NEXT_PRODUCT;
                a.emit(Op.VPMADDUBSW, product, PIXEL, register(2 * v));
                if (last) {
                    a.emit(Op.VPMADDUBSW, next, NEXT_PIXEL, weights(u + 1, v));
                } else {
                    a.emit(Op.VPMADDUBSW, next, NEXT_PIXEL, register(2 * v + 1));
                }
                a.emit(Op.VPADDW, product, product, next);
                add(a, p, v, product);
            }
        }
    }

    private void add(Assembler a, int p, int v, Vec product) {
        Vec sum = Vec.ymm(p * vectors + v);
        a.emit(Op.VPMADDWD, product, product, ONES);
        a.emit(Op.VPADDD, sum, sum, product);
    }

    /** The steps that follow, each where its offset says. Their weights lie where {@code weight} has come to. */
    void remainder(Assembler a, Gp in, Gp block, Gp count, Gp offsets) {
        Label start = new Label();
        Label end = new Label();
        a.mov32(count, Mem.at(block, BlockLayout.MORE_STEPS));
        a.cmp(count, 0);
        a.jump(Condition.EQUAL, end);
        a.mov(offsets, Mem.at(block, BlockLayout.MORE_OFFSETS));
        a.bind(start);
        a.mov32(row, Mem.at(offsets));
        a.add(row, in);
        one(a, 0);
        a.add(weight, VECTOR_BYTES * vectors);
        a.add(offsets, 4);
        a.sub(count, 1);
        a.jump(Condition.NOT_EQUAL, start);
        a.bind(end);
    }

    private Mem weights(int step, int v) {
        return Mem.at(weight, VECTOR_BYTES * (step * vectors + v));
    }

    private Vec register(int weights) {
        return Vec.ymm(pixels * vectors + weights);
    }
}
