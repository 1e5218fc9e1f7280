package quantscope.kernel.emitted;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;

/** The emitted road as this machine has it, and as machines with fewer instructions would have it. */
public final class EmittedRoads {

    private EmittedRoads() { }

    /** By name; those whose instructions this CPU has none of are left out. */
    public static Map<String, Kernels> all() {
        Map<String, Kernels> roads = new LinkedHashMap<>();
        if (!Cpu.x64()) {
            return roads;
        }
        Cpu cpu = Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem());
        for (Set<Way> ways : List.of(EnumSet.of(Way.DOT_512, Way.FLOAT_512, Way.BITS_512, Way.CHANNELS_512,
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
}
