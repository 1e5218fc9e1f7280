package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** What is made element by element: levels of fp32 values or of the levels of two inputs, or fp32 values of levels. */
final class ElementStream implements Kernel {

    /** Elements of a call, which holds off the garbage collector; a multiple of any vector's lanes. */
    private static final int CHUNK = 1 << 16;

    private final Routine routine;
    private final MemorySegment constants;
    private final int n;
    private final int lanes;
    private final boolean ofFloats;
    private final boolean toFloats;

    private ElementStream(ElementLoop loop, byte[] code, int n, boolean ofFloats, boolean toFloats, CodeMemory memory,
                          Arena arena) {
        this.routine = Routine.tile(memory.load(code, arena));
        this.constants = loop.constants(arena);
        this.n = n;
        this.lanes = loop.lanes();
        this.ofFloats = ofFloats;
        this.toFloats = toFloats;
    }

    /** Whether there are elements for a vector. */
    static boolean takes(int n, int bits) {
        return n >= bits / 32;
    }

    /** rint(fma(x, 1/s, z)), 0 for a NaN. */
    static Kernel quantize(KernelSpec.Quantize s, int bits, CodeMemory memory, Abi abi, Arena arena) {
        ElementLoop loop = new ElementLoop(bits);
        Vec x = loop.value(0);
        Rounding rounding = new Rounding(loop.constant(s.inverseScale()), loop.constant((float) s.zeroPoint()),
                loop.constant(0f), loop.constant(255f));
        return new ElementStream(loop, loop.code(abi, Float.BYTES, Byte.BYTES,
                a -> level(a, x, Mem.at(ElementLoop.FIRST), rounding)), s.n(), true, false, memory, arena);
    }

    /** Registers full of a quantization's numbers, all fp32. */
    record Rounding(Vec inverse, Vec zero, Vec low, Vec high) { }

    /** Leaves the levels of a vector of fp32 values in {@code x}. */
    static void level(Assembler a, Vec x, Mem values, Rounding to) {
        a.emit(Op.VMOVUPS, x, values);
        a.emit(Op.VFMADD213PS, x, to.inverse(), to.zero());
        // The second operand wins where the first is NaN.
        a.emit(Op.VMAXPS, x, x, to.low());
        a.emit(Op.VMINPS, x, x, to.high());
        a.emit(Op.VCVTPS2DQ, x, x);
    }

    /** (q - z) * s. */
    static Kernel dequantize(KernelSpec.Dequantize s, int bits, CodeMemory memory, Abi abi, Arena arena) {
        ElementLoop loop = new ElementLoop(bits);
        Vec x = loop.value(0);
        Vec zero = loop.constant(s.zeroPoint());
        Vec scale = loop.constant(s.scale());
        return new ElementStream(loop, loop.code(abi, Byte.BYTES, Float.BYTES, a -> {
            a.emit(Op.VPMOVZXBD, x, Mem.at(ElementLoop.FIRST));
            a.emit(Op.VPSUBD, x, x, zero);
            a.emit(Op.VCVTDQ2PS, x, x);
            a.emit(Op.VMULPS, x, x, scale);
        }), s.n(), false, true, memory, arena);
    }

    /** The sum of both inputs' real values, as {@link KernelSpec.Int8Add} says. */
    static Kernel add(KernelSpec.Int8Add s, int bits, CodeMemory memory, Abi abi, Arena arena) {
        ElementLoop loop = new ElementLoop(bits);
        Vec first = loop.value(0);
        Vec second = loop.value(1);
        Vec scaleA = loop.constant(s.scaleA());
        Vec offsetA = loop.constant(s.scaleA() * -(float) s.zeroA());
        Vec scaleB = loop.constant(s.scaleB());
        Vec offsetB = loop.constant(s.scaleB() * -(float) s.zeroB());
        Vec inverse = loop.constant(s.inverseScale());
        Vec low = loop.constant((float) -s.zeroPoint());
        Vec high = loop.constant((float) (255 - s.zeroPoint()));
        Vec zeroPoint = loop.constant(s.zeroPoint());
        Vec nothing = loop.constant(0f);
        return new ElementStream(loop, loop.code(abi, Byte.BYTES, Byte.BYTES, a -> {
            a.emit(Op.VPMOVZXBD, first, Mem.at(ElementLoop.FIRST));
            a.emit(Op.VPMOVZXBD, second, Mem.at(ElementLoop.SECOND));
            a.emit(Op.VCVTDQ2PS, first, first);
            a.emit(Op.VCVTDQ2PS, second, second);
            a.emit(Op.VFMADD213PS, first, scaleA, offsetA);
            a.emit(Op.VFMADD213PS, second, scaleB, offsetB);
            a.emit(Op.VADDPS, first, first, second);
            if (s.relu()) {
                a.emit(Op.VMAXPS, first, first, nothing);
            }
            a.emit(Op.VMULPS, first, first, inverse);
            a.emit(Op.VMAXPS, first, first, low);
            a.emit(Op.VMINPS, first, first, high);
            a.emit(Op.VCVTPS2DQ, first, first);
            a.emit(Op.VPADDD, first, first, zeroPoint);
        }), s.broadcast().size(), false, false, memory, arena);
    }

    @Override
    public String way() {
        return "FMA " + 32 * lanes;
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        MemorySegment floats = MemorySegment.ofArray(memory.floats());
        MemorySegment bytes = MemorySegment.ofArray(memory.bytes());
        MemorySegment in = ofFloats ? floats : bytes;
        MemorySegment out = toFloats ? floats : bytes;
        int second = inputs[inputs.length - 1];
        Objects.checkFromIndexSize(inputs[0], n, ofFloats ? memory.floats().length : memory.bytes().length);
        Objects.checkFromIndexSize(second, n, ofFloats ? memory.floats().length : memory.bytes().length);
        Objects.checkFromIndexSize(output, n, toFloats ? memory.floats().length : memory.bytes().length);
        int whole = n / lanes * lanes;
        memory.team().split((whole + CHUNK - 1) / CHUNK, (from, to) -> {
            for (int chunk = from; chunk < to; chunk++) {
                int at = chunk * CHUNK;
                call(in, out, inputs[0] + at, second + at, output + at, Math.min(CHUNK, whole - at) / lanes);
            }
        });
        if (n % lanes > 0) {
            // Some elements once more, and the same.
            int last = n - lanes;
            call(in, out, inputs[0] + last, second + last, output + last, 1);
        }
    }

    private void call(MemorySegment in, MemorySegment out, int first, int second, int output, int vectors) {
        long from = ofFloats ? Float.BYTES : Byte.BYTES;
        long to = toFloats ? Float.BYTES : Byte.BYTES;
        routine.call(in, out, constants, from * first, from * second, to * output, vectors);
    }
}
