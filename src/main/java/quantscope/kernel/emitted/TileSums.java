package quantscope.kernel.emitted;

import static quantscope.kernel.emitted.x64.Gp.R13;
import static quantscope.kernel.emitted.x64.Gp.R15;
import static quantscope.kernel.emitted.x64.Gp.R9;
import static quantscope.kernel.emitted.x64.Gp.RBP;
import static quantscope.kernel.emitted.x64.Gp.RBX;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes the code of a tile's sums: what they begin with, then all steps of the depth, row by row, run by run.
 *
 * @param in    where the pixels begin
 * @param block where the block's head begins
 * @param count free, as are the registers that are named here
 */
record TileSums(Tile tile, Assembler a, Gp in, Gp block, Gp count) {

    /** Steps that are written out one after the other. */
    private static final int UNROLL = 4;

    private static final Gp ROW = RBX;
    private static final Gp WEIGHT = R13;
    private static final Gp TAPS = RBP;
    private static final Gp OUTER = R15;
    private static final Gp CHUNKS = R9;

    void emit() {
        tile.each((p, v) -> a.emit(Op.VMOVUPS, tile.sum(p, v), Mem.at(block, tile.layout().initial(v))));
        if (tile.way().saturates()) {
            saturating().ones(a, block);
        }
        a.mov(WEIGHT, Mem.at(block, BlockLayout.WEIGHTS));
        a.mov(ROW, in);
        if (tile.way() == Way.BITS_256) {
            counting().begin(a, block);
        }
        loop(OUTER, tile.rows(), () -> {
            loop(TAPS, tile.taps(), () -> {
                run();
                flushAfter(tile.steps(), tile.taps() * tile.steps());
                a.add(ROW, tile.tapBytes() - 4 * tile.steps());
            });
            flushAfter(tile.taps() * tile.steps(), tile.rows() * tile.taps() * tile.steps());
            a.add(ROW, tile.rowBytes() - tile.taps() * tile.tapBytes());
        });
        flushAfter(tile.rows() * tile.taps() * tile.steps(), Integer.MAX_VALUE);
        if (tile.way().saturates()) {
            saturating().remainder(a, in, block, count, OUTER);
        }
    }

    /** Bytes are counted in while they hold: as many steps as fit, but not as the next larger unit has. */
    private void flushAfter(int done, int next) {
        if (tile.way() == Way.BITS_256 && done <= CountingSteps.MOST && next > CountingSteps.MOST) {
            counting().flush(a, block);
        }
    }

    private CountingSteps counting() {
        return new CountingSteps(tile.pixels(), tile.vectors(), tile.pixelBytes(), tile.maskBytes(), ROW, WEIGHT);
    }

    private SaturatingSteps saturating() {
        return new SaturatingSteps(tile.way() == Way.DOUBLED_256, tile.pixels(), tile.vectors(), tile.pixelBytes(), ROW, WEIGHT);
    }

    /** One run of the depth. */
    private void run() {
        if (tile.way() != Way.BITS_256 || tile.steps() <= CountingSteps.MOST) {
            run(tile.steps());
            return;
        }
        int chunk = CountingSteps.MOST / UNROLL * UNROLL;
        loop(CHUNKS, tile.steps() / chunk, () -> {
            run(chunk);
            counting().flush(a, block);
        });
        if (tile.steps() % chunk > 0) {
            run(tile.steps() % chunk);
            counting().flush(a, block);
        }
    }

    private void run(int n) {
        loop(count, n / UNROLL, () -> steps(UNROLL));
        if (n % UNROLL > 0) {
            steps(n % UNROLL);
        }
    }

    private void steps(int n) {
        if (tile.way().saturates()) {
            saturating().steps(a, n);
            return;
        }
        if (tile.way() == Way.BITS_256) {
            counting().steps(a, n);
            return;
        }
        if (tile.way().byChannel()) {
            new ChannelSteps(tile.way(), tile.pixels(), tile.vectors(), tile.pixelBytes(), ROW, WEIGHT).step(a);
            a.add(ROW, 4);
            return;
        }
        BlockLayout layout = tile.layout();
        Vec product = tile.register(tile.way().registers() - 1);
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < tile.vectors(); v++) {
                Mem weights = Mem.at(WEIGHT, v / layout.vectors() * tile.blocks().bytes() + u * layout.stepBytes()
                        + v % layout.vectors() * layout.vectorBytes());
                a.emit(Op.VMOVUPS, tile.weight(v), weights);
                if (tile.nextBytes() > 0) {
                    a.prefetcht1(weights.plus(tile.nextBytes()));
                }
            }
            for (int p = 0; p < tile.pixels(); p++) {
                Vec bytes = tile.pixelRegister(tile.way().masked() ? 0 : p);
                Vec mask = tile.pixelRegister(1);
                a.emit(Op.VPBROADCASTD, bytes, Mem.at(ROW, p * tile.pixelBytes() + 4 * u));
                if (tile.way().masked()) {
                    a.emit(Op.VPBROADCASTD, mask, Mem.at(ROW, tile.maskBytes() + p * tile.pixelBytes() + 4 * u));
                }
                for (int v = 0; v < tile.vectors(); v++) {
                    tile.way().multiply(a, tile.sum(p, v), bytes, mask, tile.weight(v), product);
                }
            }
        }
        a.add(WEIGHT, n * layout.stepBytes());
        a.add(ROW, 4 * n);
    }

    private void loop(Gp counter, int turns, Runnable body) {
        if (turns == 1 || tile.way().byChannel() && turns <= UNROLL) {
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
}
