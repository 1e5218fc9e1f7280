package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import quantscope.kernel.emitted.Cpu.Feature;

class CpuTest {

    private static final int[] NO = new int[4];

    @Test
    void featuresNeedTheCpusBitAndTheSystemsState() {
        int[] one = {0, 0, 1 << 27 | 1 << 28 | 1 << 12, 0};
        int[] seven = {1, 1 << 5 | 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31, 1 << 11 | 1 << 14, 0};
        int[] vnni = {1 << 4, 0, 0, 0};
        assertEquals(EnumSet.allOf(Feature.class), Cpu.features(one, seven, vnni, 0xe7));
        assertEquals(Set.of(Feature.AVX2, Feature.FMA, Feature.AVX_VNNI), Cpu.features(one, seven, vnni, 7));
        assertEquals(Set.of(), Cpu.features(one, seven, vnni, 1));
        assertEquals(Set.of(), Cpu.features(NO, seven, vnni, 0xe7));
        assertEquals(Set.of(Feature.AVX2, Feature.FMA), Cpu.features(one, new int[] {0, 1 << 5, 0, 0}, NO, 0xe7));
    }

    @Test
    void thisCpuSaysWhatTheKernelSays() throws Exception {
        Path file = Path.of("/proc/cpuinfo");
        Assumptions.assumeTrue(Cpu.x64() && Files.isReadable(file), "needs Linux on x86-64");
        List<String> flags = List.of(Files.readAllLines(file).stream().filter(l -> l.startsWith("flags")).findFirst()
                .orElseThrow().split("\\s+"));
        Set<Feature> expected = EnumSet.noneOf(Feature.class);
        Map.of("avx2", Feature.AVX2, "fma", Feature.FMA, "avx_vnni", Feature.AVX_VNNI, "avx512bw", Feature.AVX512,
                "avx512_vnni", Feature.AVX512_VNNI, "avx512_vpopcntdq", Feature.AVX512_VPOPCNTDQ).forEach((flag, f) -> {
                    if (flags.contains(flag)) {
                        expected.add(f);
                    }
                });
        assertEquals(expected, Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem()).features());
    }

    @Test
    void thisCpusCachesAreWhatTheKernelSays() throws Exception {
        Path caches = Path.of("/sys/devices/system/cpu/cpu0/cache");
        Assumptions.assumeTrue(Cpu.x64() && Files.isReadable(caches.resolve("index0/size")), "needs Linux on x86-64");
        Caches ours = Cpu.detect(CodeMemory.ofThisSystem(), Abi.ofThisSystem()).caches();
        for (int i = 0; Files.exists(caches.resolve("index" + i)); i++) {
            Path one = caches.resolve("index" + i);
            long kib = Long.parseLong(Files.readString(one.resolve("size")).strip().replace("K", ""));
            if (!Files.readString(one.resolve("type")).strip().equals("Instruction")) {
                switch (Integer.parseInt(Files.readString(one.resolve("level")).strip())) {
                    case 1 -> assertEquals(kib << 10, ours.first());
                    case 2 -> assertEquals(kib << 10, ours.second());
                    case 3 -> assertEquals(kib << 10, ours.third());
                    default -> { }
                }
            }
        }
    }
}
