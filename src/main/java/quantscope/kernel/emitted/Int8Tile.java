package quantscope.kernel.emitted;

import static quantscope.kernel.emitted.x64.Gp.R10;
import static quantscope.kernel.emitted.x64.Gp.R11;
import static quantscope.kernel.emitted.x64.Gp.R12;
import static quantscope.kernel.emitted.x64.Gp.R13;
import static quantscope.kernel.emitted.x64.Gp.R14;
import static quantscope.kernel.emitted.x64.Gp.R15;
import static quantscope.kernel.emitted.x64.Gp.RAX;
import static quantscope.kernel.emitted.x64.Gp.RBP;
import static quantscope.kernel.emitted.x64.Gp.RBX;

import java.util.List;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mask;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes the code of one int8 tile: some neighbouring output pixels of a row by some vectors of 16 output channels, all
 * products of the depth, requantized. With vpdpbusd, which adds four products of an unsigned and a signed byte to an
 * int32 without saturating: exact for all values.
 *
 * <p>Each step takes four bytes of the depth: a vector of weights for 16 channels, and for each pixel its four bytes in
 * all 16 lanes. The loads of a step are vectors + pixels for vectors * pixels multiplications, and 32 registers hold
 * the sums: 14 pixels by 2 vectors are 28 sums, two weights, two pixels' bytes.
 *
 * <p>The code is called as f(in, out, block, inOffset, outOffset, groups): it walks over {@code groups} tiles side by
 * side. The block of weights is laid out by {@link Int8Block}.
 *
 * @param pixels     of a tile
 * @param vectors    of 16 output channels
 * @param lastLanes  channels of the last vector that are stored, 1 to 16
 * @param rows       kernel rows
 * @param taps       runs of the depth in a row: 1 where its taps lie side by side
 * @param steps      of four bytes in each run
 * @param tapBytes   from a run to the next
 * @param rowBytes   from a row to the next
 * @param pixelBytes from an output pixel's input to the next one's
 * @param outBytes   from an output pixel to the next
 */
record Int8Tile(int pixels, int vectors, int lastLanes, int rows, int taps, int steps, int tapBytes, int rowBytes,
                int pixelBytes, int outBytes) {

    private static final int REGISTERS = 32;
    /** Steps that are written out one after the other. */
    private static final int UNROLL = 4;
    private static final int LANES = 16;

    private static final Gp IN = R10;
    private static final Gp OUT = R11;
    private static final Gp BLOCK = RAX;
    private static final Gp GROUPS = R12;
    private static final Gp ROW = RBX;
    private static final Gp WEIGHT = R13;
    private static final Gp COUNT = R14;
    private static final Gp TAPS = RBP;
    private static final Gp OUTER = R15;
    private static final List<Gp> USED = List.of(RBX, RBP, R12, R13, R14, R15);

    Int8Tile {
        if (pixels * vectors + vectors + 2 > REGISTERS) {
            throw new IllegalArgumentException(pixels + " pixels by " + vectors + " vectors need too many registers");
        }
    }

    byte[] code(Abi abi) {
        Assembler a = new Assembler();
        abi.argument(a, 0, IN);
        abi.argument(a, 1, OUT);
        abi.argument(a, 2, BLOCK);
        // The last three, before their registers or the stack are touched.
        a.add(IN, number(a, abi, 3));
        a.add(OUT, number(a, abi, 4));
        Gp groups = number(a, abi, 5);
        abi.enter(a, USED, REGISTERS);
        a.mov(GROUPS, groups);
        Label group = new Label();
        a.bind(group);
        sums(a);
        requantize(a);
        a.add(IN, pixels * pixelBytes);
        a.add(OUT, pixels * outBytes);
        a.sub(GROUPS, 1);
        a.jump(Condition.NOT_EQUAL, group);
        abi.leave(a, USED, REGISTERS);
        return a.code();
    }

    /** A number's register: where it came in, or a free one. */
    private static Gp number(Assembler a, Abi abi, int i) {
        if (abi == Abi.SYSTEM_V) {
            return abi.argument(i);
        }
        abi.argument(a, i, Gp.R9);
        return Gp.R9;
    }

    private void sums(Assembler a) {
        for (int p = 0; p < pixels; p++) {
            for (int v = 0; v < vectors; v++) {
                a.emit(Op.VMOVDQU32, sum(p, v), Mem.at(BLOCK, Int8Block.initial(v)));
            }
        }
        a.lea(WEIGHT, Mem.at(BLOCK, Int8Block.weights(vectors)));
        a.mov(ROW, IN);
        loop(a, OUTER, rows, () -> {
            loop(a, TAPS, taps, () -> {
                run(a);
                a.add(ROW, tapBytes - 4 * steps);
            });
            a.add(ROW, rowBytes - taps * tapBytes);
        });
    }

    /** One run of the depth. */
    private void run(Assembler a) {
        int turns = steps / UNROLL;
        loop(a, COUNT, turns, () -> steps(a, UNROLL));
        if (steps % UNROLL > 0) {
            steps(a, steps % UNROLL);
        }
    }

    private void steps(Assembler a, int n) {
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < vectors; v++) {
                a.emit(Op.VMOVDQU32, weight(v), Mem.at(WEIGHT, 64 * (u * vectors + v)));
            }
            for (int p = 0; p < pixels; p++) {
                Vec bytes = Vec.zmm(REGISTERS - 1 - p % 2);
                a.emit(Op.VPBROADCASTD, bytes, Mem.at(ROW, p * pixelBytes + 4 * u));
                for (int v = 0; v < vectors; v++) {
                    a.emit(Op.VPDPBUSD, sum(p, v), bytes, weight(v));
                }
            }
        }
        a.add(WEIGHT, 64 * n * vectors);
        a.add(ROW, 4 * n);
    }

    /** level = clamp(rint((float(sum) + bias) * multiplier), low - z, 255 - z) + z, as Requantize says. */
    private void requantize(Assembler a) {
        Vec low = weight(0);
        Vec high = Vec.zmm(REGISTERS - 1);
        Vec zero = Vec.zmm(REGISTERS - 2);
        a.emit(Op.VBROADCASTSS, low, Mem.at(BLOCK, Int8Block.LOW));
        a.emit(Op.VBROADCASTSS, high, Mem.at(BLOCK, Int8Block.HIGH));
        a.emit(Op.VPBROADCASTD, zero, Mem.at(BLOCK, Int8Block.ZERO_POINT));
        if (lastLanes < LANES) {
            a.mov(COUNT, (1 << lastLanes) - 1);
            a.kmovd(1, COUNT);
        }
        for (int p = 0; p < pixels; p++) {
            for (int v = 0; v < vectors; v++) {
                Vec s = sum(p, v);
                a.emit(Op.VCVTDQ2PS, s, s);
                a.emit(Op.VADDPS, s, s, Mem.at(BLOCK, Int8Block.bias(v, vectors)));
                a.emit(Op.VMULPS, s, s, Mem.at(BLOCK, Int8Block.multiplier(v, vectors)));
                // The second operand wins where the first is NaN.
                a.emit(Op.VMAXPS, s, s, low);
                a.emit(Op.VMINPS, s, s, high);
                a.emit(Op.VCVTPS2DQ, s, s);
                a.emit(Op.VPADDD, s, s, zero);
                boolean masked = v == vectors - 1 && lastLanes < LANES;
                a.emit(Op.VPMOVDB_STORE, s, Mem.at(OUT, p * outBytes + LANES * v),
                        masked ? Mask.merging(1) : Mask.NONE);
            }
        }
    }

    private void loop(Assembler a, Gp counter, int turns, Runnable body) {
        if (turns == 1) {
            body.run();
        } else if (turns > 1) {
            Label start = new Label();
            a.mov(counter, turns);
            a.bind(start);
            body.run();
            a.sub(counter, 1);
            a.jump(Condition.NOT_EQUAL, start);
        }
    }

    private Vec sum(int pixel, int vector) {
        return Vec.zmm(pixel * vectors + vector);
    }

    private Vec weight(int vector) {
        return Vec.zmm(pixels * vectors + vector);
    }
}
