package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import quantscope.kernel.Channels;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.MendedConv;
import quantscope.kernel.scalar.RowsKernel;

/**
 * Machine code for convolutions and linear layers, written for each layer's shape and this CPU when it is packed.
 * Everything else goes the road that it is given.
 */
public final class EmittedKernels implements Kernels {

    /** Fewer output channels, of a group or of a layer that takes each by itself, leave most of a vector unused. */
    private static final int FEWEST_CHANNELS = 8;

    /** Beyond these, as a share of a layer's steps, 16-bit weights are faster. */
    private static final double MOST_FURTHER_STEPS = 0.3;

    /** So many further steps, or blocks that are not doubled, are worth weights of their own for reduced ranges. */
    private static final double WORTH_PACKING_TWICE = 0.1;
    /** Products for each level that is looked at. */
    private static final long WORTH_A_LOOK = 64;

    private final Kernels others;
    private final List<Way> ways;
    private final Caches caches;
    private final CodeMemory memory;
    private final Abi abi;

    private EmittedKernels(Kernels others, List<Way> ways, Caches caches, CodeMemory memory, Abi abi) {
        this.others = others;
        this.ways = ways;
        this.caches = caches;
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
        return of(others, EnumSet.allOf(Way.class));
    }

    /** @param allowed of which those that the CPU has not are left out */
    static EmittedKernels of(Kernels others, Set<Way> allowed) throws EmittedUnavailableException {
        if (!Cpu.x64()) {
            throw new EmittedUnavailableException("the CPU is " + System.getProperty("os.arch") + ", not x86-64", false);
        }
        return of(others, allowed, CodeMemory::ofThisSystem, Abi.ofThisSystem());
    }

    /**
     * @param system gives memory for code
     * @param abi    by which that is called
     */
    static EmittedKernels of(Kernels others, Set<Way> allowed, Supplier<CodeMemory> system, Abi abi)
            throws EmittedUnavailableException {
        try {
            CodeMemory memory = system.get();
            Cpu cpu = Cpu.detect(memory, abi);
            List<Way> ways = Arrays.stream(Way.values()).filter(w -> allowed.contains(w) && w.runsOn(cpu)).toList();
            if (ways.isEmpty()) {
                throw new EmittedUnavailableException("the CPU has none of the instructions", false);
            }
            EmittedKernels kernels = new EmittedKernels(others, ways, cpu.caches(), memory, abi);
            Optional<String> wrong = new SelfTest(kernels).firstDifference()
                    .or(() -> SelfTest.winogradDifference(kernels::winograd))
                    .or(() -> FusedSelfTest.firstDifference(kernels));
            if (wrong.isPresent()) {
                throw new EmittedUnavailableException("its self-test differs from the reference: " + wrong.get(), true);
            }
            return kernels;
        } catch (CodeMemoryException | IllegalCallerException e) {
            // The latter where Java was told to refuse native access.
            throw new EmittedUnavailableException(e.getMessage(), true);
        }
    }

    /** A layer for whose code the system gives no memory goes the other road. */
    @Override
    public Kernel pack(KernelSpec spec) {
        try {
            return emitted(spec);
        } catch (CodeMemoryException e) {
            memory.refused(e);
            return others.pack(spec);
        }
    }

    private Kernel emitted(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Int8Conv s when fills(s.shape()) -> int8(s);
            case KernelSpec.Int8Conv s when byChannel(s.shape()) -> way(Way.CHANNELS_512, Way.CHANNELS_256)
                    .<Kernel>map(w -> int8(s, w)).orElseGet(() -> others.pack(s));
            case KernelSpec.Conv s when byChannel(s.shape()) -> way(Way.CHANNELS_FLOAT_512, Way.CHANNELS_FLOAT_256)
                    .<Kernel>map(w -> new FloatTileConv(s, w, memory, abi, Arena.ofAuto()))
                    .orElseGet(() -> others.pack(s));
            case KernelSpec.Conv s when fills(s.shape()) -> way(Way.FLOAT_512, Way.FLOAT_256)
                    .<Kernel>map(w -> new FloatTileConv(s, w, memory, abi, Arena.ofAuto()))
                    .orElseGet(() -> others.pack(s));
            case KernelSpec.BinaryConv s when fills(s.shape()) -> way(Way.BITS_512, Way.BITS_256)
                    .<Kernel>map(w -> new BitTileConv(s, w, memory, abi, Arena.ofAuto()))
                    .orElseGet(() -> others.pack(s));
            case KernelSpec.Quantize s when elements(s.n()).isPresent() ->
                    ElementStream.quantize(s, elements(s.n()).getAsInt(), memory, abi, Arena.ofAuto());
            case KernelSpec.Dequantize s when elements(s.n()).isPresent() ->
                    ElementStream.dequantize(s, elements(s.n()).getAsInt(), memory, abi, Arena.ofAuto());
            case KernelSpec.Int8Add s when s.broadcast().plain() && elements(s.broadcast().size()).isPresent() ->
                    ElementStream.add(s, elements(s.broadcast().size()).getAsInt(), memory, abi, Arena.ofAuto());
            case KernelSpec.SaturatedInt8Conv s -> new MendedConv(s, pack(s.exact()));
            case KernelSpec.Rows s -> new RowsKernel(s, pack(s.inner()));
            default -> others.pack(spec);
        };
    }

    @Override
    public Optional<Kernel> fuse(Kernel layer, Fused how) {
        try {
            return switch (layer) {
                case FloatTileConv conv -> conv.with(how);
                case BitTileConv conv -> conv.with(how);
                default -> others.fuse(layer, how);
            };
        } catch (CodeMemoryException e) {
            // Each node has a step of its own beside.
            memory.refused(e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<ImageQuantizer> imageQuantizer(KernelSpec.Quantize spec, Channels image) {
        if (way(Way.FLOAT_256).isEmpty() || spec.n() != image.size() || !ThreePlanes.takes(image.pixels(), image.channels())) {
            return others.imageQuantizer(spec, image);
        }
        try {
            return Optional.of(new ThreePlanes(spec, image.pixels(), memory, abi, Arena.ofAuto()));
        } catch (CodeMemoryException e) {
            memory.refused(e);
            return others.imageQuantizer(spec, image);
        }
    }

    private Kernel int8(KernelSpec.Int8Conv spec) {
        Optional<Way> pairs = winogradWay(spec);
        Way direct = bytesWay().orElse(Way.WORDS_256);
        OptionalInt fewest = pairs.map(w -> WinogradGain.of(spec.shape(), w, direct).fewestImages())
                .orElse(OptionalInt.empty());
        if (fewest.isEmpty()) {
            return tiled(spec);
        }
        Kernel winograd = winograd(spec).orElseThrow();
        return fewest.getAsInt() == 1 ? winograd : new ImagesConv(tiled(spec), winograd, fewest.getAsInt());
    }

    private Optional<Way> winogradWay(KernelSpec.Int8Conv spec) {
        return way(Way.WORDS_512, Way.WORDS_256).filter(w -> WinogradConv.takes(spec, w));
    }

    /** How levels are multiplied by weights of a byte. */
    private Optional<Way> bytesWay() {
        return way(Way.DOT_512, Way.DOT_256, Way.DOUBLED_256, Way.PAIRS_256);
    }

    private Optional<WinogradConv> winograd(KernelSpec.Int8Conv spec) {
        return winogradWay(spec).map(w -> new WinogradConv(spec, w, caches, memory, abi, Arena.ofAuto()));
    }

    private Kernel tiled(KernelSpec.Int8Conv spec) {
        Optional<Way> bytes = bytesWay().filter(_ -> signedBytes(spec.weight()));
        // A linear layer is bound by the memory that its weights come from: words would double them.
        Optional<Way> words = way(Way.WORDS_256).filter(_ -> spec.shape().outPlane() > 1);
        Optional<Int8TileConv> kernel = bytes.map(w -> int8(spec, w))
                .filter(k -> k.moreSteps() <= MOST_FURTHER_STEPS || words.isEmpty())
                .or(() -> words.map(w -> int8(spec, w)));
        return kernel.isEmpty() ? others.pack(spec) : bytes.equals(Optional.of(Way.DOUBLED_256))
                ? ranged(spec, kernel.get()) : kernel.get();
    }

    /** With weights for reduced ranges beside those for any, where that is worth their memory and a look at each image. */
    private Kernel ranged(KernelSpec.Int8Conv spec, Int8TileConv any) {
        ConvShape s = spec.shape();
        int values = s.inChannels() * s.inPlane();
        double loss = any.moreSteps() + any.share(Way.PAIRS_256) + any.share(Way.WORDS_256);
        if (s.outPlane() == 1 || spec.largestLevel() <= RangedConv.REDUCED || spec.inputZeroPoint() > RangedConv.REDUCED
                || loss < WORTH_PACKING_TWICE || (long) s.outChannels() * s.outPlane() * s.depth() < WORTH_A_LOOK * values) {
            return any;
        }
        Int8TileConv reduced = int8(new KernelSpec.Int8Conv(s, spec.inputZeroPoint(), RangedConv.REDUCED, spec.weight(),
                spec.requantize()), Way.DOUBLED_256);
        return reduced.share(Way.DOUBLED_256) < 1 || reduced.moreSteps() > WORTH_PACKING_TWICE
                ? any : new RangedConv(values, reduced, any);
    }

    private Int8TileConv int8(KernelSpec.Int8Conv spec, Way way) {
        return new Int8TileConv(spec, way, memory, abi, Arena.ofAuto());
    }

    /** Bits of vectors for what is made element by element. */
    private OptionalInt elements(int n) {
        return way(Way.FLOAT_512, Way.FLOAT_256).map(Way::bits).filter(bits -> ElementStream.takes(n, bits))
                .map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    /** The first of some ways that this CPU goes. */
    private Optional<Way> way(Way... wanted) {
        return Arrays.stream(wanted).filter(ways::contains).findFirst();
    }

    private static boolean fills(ConvShape shape) {
        return shape.outPerGroup() >= FEWEST_CHANNELS;
    }

    private static boolean byChannel(ConvShape shape) {
        return shape.groups() == shape.inChannels() && shape.groups() == shape.outChannels()
                && shape.groups() >= FEWEST_CHANNELS;
    }

    private static boolean signedBytes(short[] weight) {
        int others = 0;
        for (short w : weight) {
            others |= w ^ (byte) w;
        }
        return others == 0;
    }

    @Override
    public String description() {
        return ways.contains(Way.DOT_512) ? "AVX-512 VNNI" : ways.contains(Way.FLOAT_512) ? "AVX-512"
                : ways.contains(Way.DOT_256) ? "AVX-VNNI" : "AVX2";
    }
}
