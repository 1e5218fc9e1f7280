package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.kernel.Kernels;
import quantscope.kernel.LayerCase;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;
import quantscope.kernel.scalar.ScalarKernels;

/**
 * Code for Windows, run here: each routine is called by another one that takes System V's arguments, hands them on as Windows
 * does, and notes whether the registers that Windows' callers keep came back as they were.
 */
class WindowsAbiTest {

    private static final int FIRST_KEPT = 6;
    private static final int KEPT = 10;
    /** Of the state: what is in xmm6 to xmm15, then in rdi and rsi; what came back otherwise; what rdi and rsi came back as. */
    private static final int GENERAL = 16 * KEPT;
    private static final int CHANGED = GENERAL + 16;
    private static final int RETURNED = CHANGED + 16;
    private static final int STATE = RETURNED + 16;
    private static final int HOME = 32;
    private static final int FRAME = 72;

    private final MemorySegment state = Arena.ofAuto().allocate(STATE, 16);
    private int calls;

    static List<Set<Way>> ways() {
        return List.of(EnumSet.allOf(Way.class), EnumSet.range(Way.DOT_256, Way.DOT_256),
                EnumSet.of(Way.DOUBLED_256, Way.PAIRS_256, Way.WORDS_256, Way.FLOAT_256, Way.BITS_256,
                        Way.CHANNELS_256, Way.CHANNELS_FLOAT_256));
    }

    @BeforeEach
    void fill() {
        Assumptions.assumeTrue(Cpu.x64() && Abi.ofThisSystem() == Abi.SYSTEM_V, "calls by System V");
        for (int i = 0; i < CHANGED; i++) {
            state.set(ValueLayout.JAVA_BYTE, i, (byte) (37 * i + 11));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everyKernelRunsAsWindowsCallsIt(Set<Way> ways) throws EmittedUnavailableException {
        Assumptions.assumeTrue(ways.stream().anyMatch(w -> w.runsOn(
                Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem()))), "needs one of " + ways);
        ScalarKernels plain = new ScalarKernels();
        // The self-test runs fused kernels, Winograd's filtering and what goes element by element.
        Kernels road = EmittedKernels.of(plain, ways, () -> new Bridge(OperatingSystem.current()), Abi.WINDOWS);
        List<IntFunction<LayerCase>> layers = List.of(LayerCase::fp32, LayerCase::int8, LayerCase::int8Neighbours,
                LayerCase::int8Bounded, LayerCase::binary);
        for (IntFunction<LayerCase> layer : layers) {
            for (int seed = 0; seed < 40; seed++) {
                assertEquals(Optional.empty(), layer.apply(seed).difference(plain, road), "seed " + seed);
                assertEquals(Optional.empty(), layer.apply(seed).rowsDifference(road), "seed " + seed);
            }
        }
        assertTrue(calls > 0);
        assertArrayEquals(new byte[16], state.asSlice(CHANGED, 16).toArray(ValueLayout.JAVA_BYTE),
                "registers of the caller were changed");
    }

    /** Gives the address of code that calls what was loaded. */
    private final class Bridge extends CodeMemory {

        Bridge(OperatingSystem system) {
            super(system);
        }

        @Override
        MemorySegment load(byte[] code, Arena arena) {
            calls++;
            return super.load(bridge(super.load(code, arena).address()), arena);
        }
    }

    private byte[] bridge(long code) {
        Assembler a = new Assembler();
        List<byte[]> parts = new ArrayList<>();
        a.push(Gp.RBX);
        a.push(Gp.R12);
        a.mov(Gp.R11, Mem.at(Gp.RSP, 24));
        a.sub(Gp.RSP, FRAME);
        a.mov(Mem.at(Gp.RSP, HOME), Gp.R8);
        a.mov(Mem.at(Gp.RSP, HOME + 8), Gp.R9);
        a.mov(Mem.at(Gp.RSP, HOME + 16), Gp.R11);
        a.mov(Gp.R9, Gp.RCX);
        a.mov(Gp.R8, Gp.RDX);
        a.mov(Gp.RDX, Gp.RSI);
        a.mov(Gp.RCX, Gp.RDI);
        parts.add(a.code());
        // mov rbx, state
        parts.add(number(new byte[] {0x48, (byte) 0xbb}, state.address()));
        a = new Assembler();
        for (int i = 0; i < KEPT; i++) {
            a.emit(Op.VMOVUPS, Vec.xmm(FIRST_KEPT + i), Mem.at(Gp.RBX, 16 * i));
        }
        a.mov(Gp.RDI, Mem.at(Gp.RBX, GENERAL));
        a.mov(Gp.RSI, Mem.at(Gp.RBX, GENERAL + 8));
        parts.add(a.code());
        // mov rax, code; call rax
        parts.add(number(new byte[] {0x48, (byte) 0xb8}, code));
        parts.add(new byte[] {(byte) 0xff, (byte) 0xd0});
        a = new Assembler();
        Vec changed = Vec.xmm(0);
        a.emit(Op.VMOVUPS, changed, Mem.at(Gp.RBX, CHANGED));
        for (int i = 0; i < KEPT; i++) {
            note(a, Vec.xmm(FIRST_KEPT + i), 16 * i, changed);
        }
        a.mov(Mem.at(Gp.RBX, RETURNED), Gp.RDI);
        a.mov(Mem.at(Gp.RBX, RETURNED + 8), Gp.RSI);
        a.emit(Op.VMOVUPS, Vec.xmm(2), Mem.at(Gp.RBX, RETURNED));
        note(a, Vec.xmm(2), GENERAL, changed);
        a.emit(Op.VMOVUPS_STORE, changed, Mem.at(Gp.RBX, CHANGED));
        a.add(Gp.RSP, FRAME);
        a.pop(Gp.R12);
        a.pop(Gp.RBX);
        a.ret();
        parts.add(a.code());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Adds the bits in which a register is other than it was. */
    private static void note(Assembler a, Vec register, int at, Vec changed) {
        a.emit(Op.VPXOR, Vec.xmm(1), register, Mem.at(Gp.RBX, at));
        a.emit(Op.VPOR, changed, changed, Vec.xmm(1));
    }

    private static byte[] number(byte[] instruction, long number) {
        return ByteBuffer.allocate(instruction.length + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).put(instruction)
                .putLong(number).array();
    }
}
