package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * A step where each output channel reads one input channel, the same: one tap of all lanes. Int8 levels are widened to
 * int32, so that their lower words meet 16-bit weights and their upper ones are 0: exact for all values.
 *
 * @param pixelBytes from a pixel to the next
 */
record ChannelSteps(Way way, int pixels, int vectors, int pixelBytes, Gp row, Gp weight) {

    void step(Assembler a) {
        int vectorBytes = way.bits() / 8;
        for (int v = 0; v < vectors; v++) {
            a.emit(Op.VMOVUPS, weights(v), Mem.at(weight, vectorBytes * v));
        }
        for (int p = 0; p < pixels; p++) {
            for (int v = 0; v < vectors; v++) {
                multiply(a, p * vectors + v, weights(v), Mem.at(row, p * pixelBytes + v * way.lanes() * way.valueBytes()));
            }
        }
        a.add(weight, vectorBytes * vectors);
    }

    private void multiply(Assembler a, int index, Vec by, Mem values) {
        Vec sum = new Vec(index, way.bits());
        if (way.valueBytes() == 4) {
            a.emit(Op.VFMADD231PS, sum, by, values);
            return;
        }
        // Two registers take turns.
        Vec levels = new Vec(way.registers() - 1 - index % 2, way.bits());
        a.emit(Op.VPMOVZXBD, levels, values);
        if (way == Way.CHANNELS_512) {
            a.emit(Op.VPDPWSSD, sum, levels, by);
        } else {
            a.emit(Op.VPMADDWD, levels, levels, by);
            a.emit(Op.VPADDD, sum, sum, levels);
        }
    }

    private Vec weights(int vector) {
        return new Vec(pixels * vectors + vector, way.bits());
    }
}
