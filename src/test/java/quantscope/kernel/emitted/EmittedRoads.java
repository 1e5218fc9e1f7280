package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;

/** The emitted road as this machine has it, and as machines with fewer instructions would have it. */
public final class EmittedRoads {

    /** For strips of one or two rows of tiles. */
    private static final Caches NARROW = new Caches(1 << 12, 1 << 16, 1 << 20);

    private EmittedRoads() { }

    /** By name; those whose instructions this CPU has none of are left out. */
    public static Map<String, Kernels> all() {
        Map<String, Kernels> roads = new LinkedHashMap<>();
        if (!Cpu.x64()) {
            return roads;
        }
        Cpu cpu = Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem());
        for (Set<Way> ways : List.of(EnumSet.of(Way.DOT_512, Way.WORDS_512, Way.FLOAT_512, Way.BITS_512, Way.CHANNELS_512,
                Way.CHANNELS_FLOAT_512),
                EnumSet.of(Way.DOUBLED_256, Way.PAIRS_256, Way.WORDS_256, Way.FLOAT_256, Way.BITS_256,
                        Way.CHANNELS_256, Way.CHANNELS_FLOAT_256),
                EnumSet.of(Way.DOT_256), EnumSet.of(Way.DOUBLED_256), EnumSet.of(Way.PAIRS_256),
                EnumSet.of(Way.WORDS_256))) {
            if (ways.stream().anyMatch(way -> way.runsOn(cpu))) {
                try {
                    roads.put("emitted " + ways, EmittedKernels.of(new ScalarKernels(), ways));
                } catch (EmittedUnavailableException e) {
                    throw new IllegalStateException("no road with " + ways + ": " + e.getMessage(), e);
                }
            }
        }
        return roads;
    }

    /** Those, and ways that are not gone with layers as small as tests have them. */
    public static Map<String, Kernels> forced() {
        Map<String, Kernels> roads = all();
        for (Way way : List.of(Way.WORDS_512, Way.WORDS_256)) {
            if (!roads.isEmpty() && way.runsOn(Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem()))) {
                roads.put("Winograd " + way, new Winograd(way, way == Way.WORDS_512 ? NARROW : Caches.USUAL));
            }
        }
        return roads;
    }

    /** Winograd's filtering wherever it is exact, whether it gains or not. */
    private record Winograd(Way way, Caches caches) implements Kernels {

        @Override
        public Kernel pack(KernelSpec spec) {
            return spec instanceof KernelSpec.Int8Conv s && WinogradConv.takes(s, way)
                    ? new WinogradConv(s, way, caches, CodeMemory.ofThisSystem(), Abi.ofThisSystem(), Arena.ofAuto())
                    : new ScalarKernels().pack(spec);
        }

        @Override
        public String description() {
            return toString();
        }
    }
}
