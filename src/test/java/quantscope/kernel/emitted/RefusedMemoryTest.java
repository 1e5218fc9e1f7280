package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import quantscope.LogLines;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.UnaryFunction;
import quantscope.kernel.scalar.ScalarKernels;

/** A system that stops giving executable memory: layers go the other road, those that run go on. */
class RefusedMemoryTest {

    private static final int IN = 70;
    private static final int OUT = 40;
    private static final int ROWS = 5;

    private final ScalarKernels plain = new ScalarKernels();
    private final KernelSpec linear = SelfTest.float32(ConvShape.linear(IN, OUT), new Random(1));
    private final Fused relu = new Fused(new Fused.Input.AsSpecified(), new Fused.Output.Floats(List.of(
            new KernelSpec.Unary(OUT, UnaryFunction.RELU, 0, 0))));
    private LogLines log;
    private boolean refusing;
    private Kernels emitted;

    @BeforeEach
    void begin() throws EmittedUnavailableException {
        Assumptions.assumeFalse(EmittedRoads.all().isEmpty(), "needs AVX2");
        log = new LogLines(CodeMemory.class);
        OperatingSystem real = OperatingSystem.current();
        emitted = EmittedKernels.of(plain, EnumSet.allOf(Way.class), () -> new CodeMemory(new OperatingSystem() {
            @Override
            public MemorySegment reserve(long size) {
                return real.reserve(size);
            }

            @Override
            public void makeExecutable(MemorySegment memory, long size) {
                if (refusing) {
                    throw new CodeMemoryException("mprotect refuses to make memory executable");
                }
                real.makeExecutable(memory, size);
            }

            @Override
            public void release(MemorySegment memory, long size) {
                real.release(memory, size);
            }
        }), Abi.ofThisSystem());
    }

    @AfterEach
    void end() {
        if (log != null) {
            log.close();
        }
    }

    @Test
    void layersGoTheOtherRoadWithOneWarning() {
        Kernel before = emitted.pack(linear);
        assertNotEquals(plain.pack(linear).way(), before.way());
        assertTrue(emitted.fuse(before, relu).isPresent());
        refusing = true;
        ConvShape shape = new ConvShape(32, 9, 9, 32, 9, 9, 3, 3, 1, 1, 1, 1, 1, 1, 1);
        for (KernelSpec spec : List.of(linear, SelfTest.binary(shape, new Random(2)), SelfTest.float32(shape, new Random(3)),
                new KernelSpec.Quantize(1000, 3, 7))) {
            assertEquals(plain.pack(spec).way(), emitted.pack(spec).way());
        }
        assertEquals(Optional.empty(), emitted.fuse(before, relu));
        assertEquals(List.of(Level.WARNING), log.levels());
    }

    @Test
    void rowsWhoseCodeIsRefusedAreComputedOneByOne() {
        Kernel kernel = emitted.pack(linear);
        float[] together = rows(kernel);
        Kernel other = emitted.pack(linear);
        refusing = true;
        assertArrayEquals(together, rows(other));
        assertEquals(1, log.lines().size());
    }

    private static float[] rows(Kernel kernel) {
        assertTrue(kernel.gainsFromRows());
        Memory memory = Memory.of(ROWS * (IN + OUT), 0, kernel.scratch());
        float[] values = SelfTest.floats(ROWS * IN, new Random(4));
        System.arraycopy(values, 0, memory.floats(), 0, values.length);
        kernel.runRows(memory, 0, ROWS * IN, ROWS, IN, OUT);
        return memory.floats();
    }
}
