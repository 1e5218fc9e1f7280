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

    /** By name; empty where nothing can be emitted. */
    public static Map<String, Kernels> all() {
        Map<String, Kernels> roads = new LinkedHashMap<>();
        for (Set<Way> ways : List.of(EnumSet.of(Way.DOT_512, Way.FLOAT_512, Way.BITS_512),
                EnumSet.of(Way.DOUBLED_256, Way.PAIRS_256, Way.WORDS_256, Way.FLOAT_256, Way.BITS_256),
                EnumSet.of(Way.DOUBLED_256),
                EnumSet.of(Way.PAIRS_256), EnumSet.of(Way.WORDS_256))) {
            try {
                roads.put("emitted " + ways, EmittedKernels.of(new ScalarKernels(), ways));
            } catch (EmittedUnavailableException e) {
                continue;
            }
        }
        return roads;
    }
}
