package quantscope.kernel.emitted;

import static quantscope.kernel.emitted.x64.Gp.R10;
import static quantscope.kernel.emitted.x64.Gp.R11;
import static quantscope.kernel.emitted.x64.Gp.R12;
import static quantscope.kernel.emitted.x64.Gp.R13;
import static quantscope.kernel.emitted.x64.Gp.R14;
import static quantscope.kernel.emitted.x64.Gp.R15;
import static quantscope.kernel.emitted.x64.Gp.R8;
import static quantscope.kernel.emitted.x64.Gp.R9;
import static quantscope.kernel.emitted.x64.Gp.RAX;
import static quantscope.kernel.emitted.x64.Gp.RBP;
import static quantscope.kernel.emitted.x64.Gp.RBX;

import java.util.List;
import java.util.function.BiConsumer;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mask;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes the code of one tile: some neighbouring output pixels of a row by some vectors of output channels, all products
 * of the depth, and what becomes of the sums.
 *
 * <p>Each step takes four bytes of the depth: a vector of weights, and for each pixel its four bytes in all lanes. The
 * loads of a step are vectors + pixels for vectors * pixels multiplications, so a tile is as large as the registers
 * allow: of 32, 14 pixels by 2 vectors take 28 for sums, two for weights, two for pixels' bytes.
 *
 * <p>The code is called as f(in, out, block, inOffset, outOffset, signsOffset, groups): it walks over {@code groups} tiles
 * side by side. The block of weights is laid out as {@link BlockLayout} says; signsOffset leads from {@code in} to the
 * number of signs of each pixel, as ints, where the ending wants them.
 *
 * @param way        how a step multiplies
 * @param pixels     of a tile
 * @param vectors    of output channels
 * @param lastLanes  channels of the last vector that are stored, 1 to all
 * @param rows       kernel rows
 * @param taps       runs of the depth in a row: 1 where its taps lie side by side
 * @param steps      of four bytes in each run
 * @param tapBytes   from a run to the next
 * @param rowBytes   from a row to the next
 * @param pixelBytes from an output pixel's input to the next one's
 * @param outBytes   from an output pixel to the next
 * @param maskBytes  from a pixel to its mask, where the way has masks
 * @param nextBytes  from the weights to others that are fetched meanwhile; 0 for none
 */
record Tile(Way way, Ending ending, int pixels, int vectors, int lastLanes, int rows, int taps, int steps, int tapBytes,
            int rowBytes, int pixelBytes, int outBytes, int maskBytes, int nextBytes) {

    /** Steps that are written out one after the other. */
    private static final int UNROLL = 4;

    private static final Gp IN = R10;
    private static final Gp OUT = R11;
    private static final Gp BLOCK = RAX;
    private static final Gp GROUPS = R12;
    private static final Gp ROW = RBX;
    private static final Gp WEIGHT = R13;
    private static final Gp COUNT = R14;
    private static final Gp TAPS = RBP;
    private static final Gp OUTER = R15;
    private static final Gp CHUNKS = R9;
    private static final Gp SIGNS = R8;
    private static final List<Gp> USED = List.of(RBX, RBP, R12, R13, R14, R15);

    Tile {
        if (pixels > way.pixels(vectors)) {
            throw new IllegalArgumentException(pixels + " pixels by " + vectors + " vectors need too many registers");
        }
    }

    byte[] code(Abi abi) {
        Assembler a = new Assembler();
        abi.argument(a, 0, IN);
        abi.argument(a, 1, OUT);
        abi.argument(a, 2, BLOCK);
        // Numbers come into registers that were read by then, or on the stack, which has not moved yet.
        a.add(IN, number(a, abi, 3, R9));
        a.add(OUT, number(a, abi, 4, R9));
        abi.argument(a, 5, SIGNS);
        a.add(SIGNS, abi.argument(0));
        abi.argument(a, 6, R9);
        abi.enter(a, USED, way.registers());
        a.mov(GROUPS, R9);
        if (way.bits() == 512 && lastLanes < way.lanes()) {
            ByteStore.begin(a, lastLanes, COUNT);
        }
        Label group = new Label();
        a.bind(group);
        sums(a);
        switch (ending.kind()) {
            case LEVELS -> new LevelEnding(this).store(a, BLOCK, OUT);
            case FLOATS -> floats(a, false);
            case SIGNS -> {
                signs(a);
                floats(a, true);
            }
            case BITS -> {
                signs(a);
                new BitEnding(this).store(a, BLOCK, OUT, COUNT);
            }
        }
        a.add(IN, pixels * pixelBytes);
        a.add(OUT, pixels * outBytes);
        a.sub(GROUPS, 1);
        a.jump(Condition.NOT_EQUAL, group);
        abi.leave(a, USED, way.registers());
        return a.code();
    }

    /** A number's register: where it came in, or {@code free}. */
    private static Gp number(Assembler a, Abi abi, int i, Gp free) {
        if (i < abi.arguments()) {
            return abi.argument(i);
        }
        abi.argument(a, i, free);
        return free;
    }

    private void sums(Assembler a) {
        each((p, v) -> a.emit(Op.VMOVUPS, sum(p, v), Mem.at(BLOCK, layout().initial(v))));
        if (way.saturates()) {
            saturating().ones(a, BLOCK);
        }
        a.lea(WEIGHT, Mem.at(BLOCK, layout().weights()));
        a.mov(ROW, IN);
        if (way == Way.BITS_256) {
            counting().begin(a, BLOCK);
        }
        loop(a, OUTER, rows, () -> {
            loop(a, TAPS, taps, () -> {
                run(a);
                flushAfter(a, steps, taps * steps);
                a.add(ROW, tapBytes - 4 * steps);
            });
            flushAfter(a, taps * steps, rows * taps * steps);
            a.add(ROW, rowBytes - taps * tapBytes);
        });
        flushAfter(a, rows * taps * steps, Integer.MAX_VALUE);
        if (way.saturates()) {
            saturating().remainder(a, IN, BLOCK, COUNT, OUTER);
        }
    }

    /** Bytes are counted in while they hold: as many steps as fit, but not as the next larger unit has. */
    private void flushAfter(Assembler a, int done, int next) {
        if (way == Way.BITS_256 && done <= CountingSteps.MOST && next > CountingSteps.MOST) {
            counting().flush(a, BLOCK);
        }
    }

    private CountingSteps counting() {
        return new CountingSteps(pixels, vectors, pixelBytes, maskBytes, ROW, WEIGHT);
    }

    private SaturatingSteps saturating() {
        return new SaturatingSteps(way == Way.DOUBLED_256, pixels, vectors, pixelBytes, ROW, WEIGHT);
    }

    /** One run of the depth. */
    private void run(Assembler a) {
        if (way != Way.BITS_256 || steps <= CountingSteps.MOST) {
            run(a, steps);
            return;
        }
        int chunk = CountingSteps.MOST / UNROLL * UNROLL;
        loop(a, CHUNKS, steps / chunk, () -> {
            run(a, chunk);
            counting().flush(a, BLOCK);
        });
        if (steps % chunk > 0) {
            run(a, steps % chunk);
            counting().flush(a, BLOCK);
        }
    }

    private void run(Assembler a, int n) {
        loop(a, COUNT, n / UNROLL, () -> steps(a, UNROLL));
        if (n % UNROLL > 0) {
            steps(a, n % UNROLL);
        }
    }

    private void steps(Assembler a, int n) {
        if (way.saturates()) {
            saturating().steps(a, n);
            return;
        }
        if (way == Way.BITS_256) {
            counting().steps(a, n);
            return;
        }
        if (way.byChannel()) {
            new ChannelSteps(way, pixels, vectors, pixelBytes, ROW, WEIGHT).step(a);
            a.add(ROW, 4);
            return;
        }
        int vectorBytes = way.bits() / 8;
        Vec product = register(way.registers() - 1);
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < vectors; v++) {
                Mem weights = Mem.at(WEIGHT, vectorBytes * (u * vectors + v));
                a.emit(Op.VMOVUPS, weight(v), weights);
                if (nextBytes > 0) {
                    a.prefetcht1(weights.plus(nextBytes));
                }
            }
            for (int p = 0; p < pixels; p++) {
                Vec bytes = pixelRegister(way.masked() ? 0 : p);
                Vec mask = pixelRegister(1);
                a.emit(Op.VPBROADCASTD, bytes, Mem.at(ROW, p * pixelBytes + 4 * u));
                if (way.masked()) {
                    a.emit(Op.VPBROADCASTD, mask, Mem.at(ROW, maskBytes + p * pixelBytes + 4 * u));
                }
                for (int v = 0; v < vectors; v++) {
                    way.multiply(a, sum(p, v), bytes, mask, weight(v), product);
                }
            }
        }
        a.add(WEIGHT, vectorBytes * n * vectors);
        a.add(ROW, 4 * n);
    }

    /** signs - 2 d. */
    private void signs(Assembler a) {
        Vec signs = pixelRegister(0);
        for (int p = 0; p < pixels; p++) {
            a.emit(Op.VPBROADCASTD, signs, Mem.at(SIGNS, 4 * p));
            for (int v = 0; v < vectors; v++) {
                Vec s = sum(p, v);
                a.emit(Op.VPADDD, s, s, s);
                a.emit(Op.VPSUBD, s, signs, s);
            }
        }
        a.add(SIGNS, 4 * pixels);
    }

    private void floats(Assembler a, boolean ofSigns) {
        new FloatEnding(this).compute(a, BLOCK, ofSigns);
        each((p, v) -> storeFloats(a, p, v));
    }

    private void storeFloats(Assembler a, int p, int v) {
        Mem to = Mem.at(OUT, p * outBytes + 4 * way.lanes() * v);
        if (lanes(v) == way.lanes()) {
            a.emit(Op.VMOVUPS_STORE, sum(p, v), to);
        } else if (way.bits() == 512) {
            a.emit(Op.VMOVUPS_STORE, sum(p, v), to, Mask.merging(1));
        } else {
            Vec mask = pixelRegister(0);
            a.emit(Op.VMOVUPS, mask, Mem.at(BLOCK, BlockLayout.LANES));
            a.emit(Op.VMASKMOVPS_STORE, sum(p, v), mask, to);
        }
    }

    /** Channels of a vector that are stored. */
    int lanes(int v) {
        return v == vectors - 1 ? lastLanes : way.lanes();
    }

    void each(BiConsumer<Integer, Integer> pixelAndVector) {
        for (int p = 0; p < pixels; p++) {
            for (int v = 0; v < vectors; v++) {
                pixelAndVector.accept(p, v);
            }
        }
    }

    private void loop(Assembler a, Gp counter, int turns, Runnable body) {
        if (turns == 1 || way.byChannel() && turns <= UNROLL) {
            for (int turn = 0; turn < turns; turn++) {
                body.run();
            }
        } else if (turns > 1) {
            Label start = new Label();
            a.mov(counter, turns);
            a.bind(start);
            body.run();
            a.sub(counter, 1);
            a.jump(Condition.NOT_EQUAL, start);
        }
    }

    BlockLayout layout() {
        return new BlockLayout(way, vectors);
    }

    Vec sum(int pixel, int vector) {
        return register(pixel * vectors + vector);
    }

    Vec weight(int vector) {
        return register(pixels * vectors + vector);
    }

    /** One of those behind the sums, the weights. */
    private Vec pixelRegister(int i) {
        return register(way.registers() - 1 - way.products() - i % way.pixelRegisters());
    }

    Vec register(int index) {
        return new Vec(index, way.bits());
    }
}
