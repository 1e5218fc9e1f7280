package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.RowsKernel;

/**
 * Machine code for int8 convolutions and linear layers, written for each layer's shape and this CPU when it is packed.
 * Everything else goes the road that it is given.
 */
public final class EmittedKernels implements Kernels {

    /** Fewer output channels a group leave most of a vector unused: depthwise convolutions, say. */
    private static final int FEWEST_CHANNELS = 8;

    private final Kernels others;
    private final Int8Way way;
    private final CodeMemory memory;
    private final Abi abi;

    private EmittedKernels(Kernels others, Int8Way way, CodeMemory memory, Abi abi) {
        this.others = others;
        this.way = way;
        this.memory = memory;
        this.abi = abi;
    }

    /**
     * The road of this CPU and operating system.
     *
     * @param others for what is not emitted
     * @throws EmittedUnavailableException with the reason where there is no such road: another CPU, memory that the
     *                                     system does not let execute, or a self-test that differs from the reference
     */
    public static EmittedKernels of(Kernels others) throws EmittedUnavailableException {
        if (!Cpu.x64()) {
            throw new EmittedUnavailableException("the CPU is " + System.getProperty("os.arch") + ", not x86-64");
        }
        try {
            CodeMemory memory = CodeMemory.ofThisSystem();
            Abi abi = Abi.ofThisSystem();
            Cpu cpu = Cpu.detect(memory, abi);
            Int8Way way = Arrays.stream(Int8Way.values()).filter(w -> w.runsOn(cpu)).findFirst().orElseThrow(() ->
                    new EmittedUnavailableException("the CPU has no AVX2"));
            EmittedKernels kernels = new EmittedKernels(others, way, memory, abi);
            Optional<ConvShape> wrong = new SelfTest(kernels).firstDifference();
            if (wrong.isPresent()) {
                throw new EmittedUnavailableException("its self-test differs from the reference for " + wrong.get());
            }
            return kernels;
        } catch (CodeMemoryException e) {
            throw new EmittedUnavailableException(e.getMessage());
        }
    }

    @Override
    public Kernel pack(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Int8Conv s when takes(s) -> new Int8TileConv(s, way, memory, abi, Arena.ofAuto());
            case KernelSpec.Rows s -> new RowsKernel(s, pack(s.inner()));
            default -> others.pack(spec);
        };
    }

    private boolean takes(KernelSpec.Int8Conv spec) {
        ConvShape shape = spec.shape();
        // A linear layer is bound by the memory that its weights come from: words would double them.
        boolean fits = way.valueBytes() == 1 ? signedBytes(spec.weight()) : shape.outPlane() > 1;
        return fits && shape.outPerGroup() >= FEWEST_CHANNELS;
    }

    private static boolean signedBytes(short[] weight) {
        for (short w : weight) {
            if (w < Byte.MIN_VALUE || w > Byte.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String description() {
        return way.description() + " + " + others.description();
    }
}
