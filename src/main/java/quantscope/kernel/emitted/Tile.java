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
 * allow: of 32, 14 pixels by 2 vectors take 28 for sums, two for weights, two for pixels' bytes. A single pixel's, which
 * waits for weights to come from memory, takes several blocks, since memory gives more when it is read in several places.
 *
 * <p>The code is called as f(in, out, block, inOffset, outOffset, signsOffset, groups): it walks over {@code groups} tiles
 * side by side. A block's head and weights are laid out as {@link BlockLayout} says; signsOffset leads from {@code in} to the
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
 * @param blocks     whose weights are read side by side
 */
record Tile(Way way, Ending ending, int pixels, int vectors, int lastLanes, int rows, int taps, int steps, int tapBytes,
            int rowBytes, int pixelBytes, int outBytes, int maskBytes, int nextBytes, Streams blocks) {

    /**
     * Blocks of as many vectors, whose heads follow one another.
     *
     * @param bytes from a block's weights to the next one's
     */
    record Streams(int count, int bytes) {
        static final Streams ONE = new Streams(1, 0);
    }

    private static final Gp IN = R10;
    private static final Gp OUT = R11;
    private static final Gp BLOCK = RAX;
    private static final Gp GROUPS = R12;
    private static final Gp COUNT = R14;
    private static final Gp SIGNS = R8;
    private static final List<Gp> USED = List.of(RBX, RBP, R12, R13, R14, R15);

    Tile {
        if (blocks.count() > 1 && !way.takesBlocks() || vectors % blocks.count() != 0 || nextBytes < 0) {
            throw new IllegalArgumentException(way + " does not take " + vectors + " vectors of " + blocks.count()
                    + " blocks, others " + nextBytes + " bytes behind");
        }
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
        new TileSums(this, a, IN, BLOCK, COUNT).emit();
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
            a.emit(Op.VMOVUPS, mask, Mem.at(BLOCK, layout().lanes(v)));
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

    BlockLayout layout() {
        return new BlockLayout(way, vectors / blocks.count());
    }

    Vec sum(int pixel, int vector) {
        return register(pixel * vectors + vector);
    }

    Vec weight(int vector) {
        return register(pixels * vectors + vector);
    }

    /** One of those behind the sums, the weights. */
    Vec pixelRegister(int i) {
        return register(way.registers() - 1 - way.products() - i % way.pixelRegisters());
    }

    Vec register(int index) {
        return new Vec(index, way.bits());
    }
}
