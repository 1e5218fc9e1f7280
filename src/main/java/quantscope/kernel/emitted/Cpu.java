package quantscope.kernel.emitted;

import static quantscope.kernel.emitted.x64.Gp.R8;
import static quantscope.kernel.emitted.x64.Gp.RAX;
import static quantscope.kernel.emitted.x64.Gp.RBX;
import static quantscope.kernel.emitted.x64.Gp.RCX;
import static quantscope.kernel.emitted.x64.Gp.RDX;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Mem;

/**
 * What this CPU can do, and its operating system lets it do, and what its caches hold: CPUID and XGETBV (Intel, Software
 * Developer's Manual, volume 2, CPUID; volume 1, 13.3).
 */
record Cpu(Set<Feature> features, Caches caches) {

    /** Instruction sets that kernels are written for. */
    enum Feature { AVX2, FMA, AVX_VNNI, AVX512, AVX512_VNNI, AVX512_VPOPCNTDQ }

    /** The state of ymm, and of zmm and mask registers, as XCR0 says whether the system keeps it. */
    private static final int YMM_STATE = 0x6;
    private static final int ZMM_STATE = 0xe6;
    private static final int OSXSAVE = 27;
    /** Leaves that describe caches, Intel's and AMD's, and which leaf is the last of AMD's. */
    private static final int CACHES = 4;
    private static final int EXTENDED = 0x8000_0000;
    private static final int EXTENDED_CACHES = 0x8000_001d;
    private static final int MOST_CACHES = 16;

    Cpu {
        features = Set.copyOf(features);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Whether this process runs on x86-64 at all. */
    static boolean x64() {
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return arch.equals("amd64") || arch.equals("x86_64");
    }

    /** @throws CodeMemoryException when no code can be run to ask */
    static Cpu detect(CodeMemory memory, Abi abi) {
        try (Arena arena = Arena.ofConfined()) {
            Routine cpuid = Routine.unary(memory.load(cpuid(abi), arena));
            Routine xgetbv = Routine.unary(memory.load(xgetbv(abi), arena));
            MemorySegment words = arena.allocate(16, 8);
            int[] basic = ask(cpuid, words, 0, 0);
            int[] one = ask(cpuid, words, 1, 0);
            int[] seven = basic[0] >= 7 ? ask(cpuid, words, 7, 0) : new int[4];
            int[] sevenOne = basic[0] >= 7 && seven[0] >= 1 ? ask(cpuid, words, 7, 1) : new int[4];
            int xcr0 = bit(one[2], OSXSAVE) ? ask(xgetbv, words, 0, 0)[0] : 0;
            return new Cpu(features(one, seven, sevenOne, xcr0), caches(cpuid, words, basic[0]));
        }
    }

    /** Where Intel's leaf says nothing, as on AMD's CPUs, theirs does. */
    private static Caches caches(Routine cpuid, MemorySegment words, int last) {
        List<int[]> leaves = last >= CACHES ? described(cpuid, words, CACHES) : List.of();
        boolean extended = Integer.compareUnsigned(ask(cpuid, words, EXTENDED, 0)[0], EXTENDED_CACHES) >= 0;
        return Caches.of(leaves.isEmpty() && extended ? described(cpuid, words, EXTENDED_CACHES) : leaves);
    }

    private static List<int[]> described(Routine cpuid, MemorySegment words, int leaf) {
        return IntStream.range(0, MOST_CACHES).mapToObj(sub -> ask(cpuid, words, leaf, sub)).takeWhile(Caches::describes)
                .toList();
    }

    /** @param one eax, ebx, ecx, edx of CPUID leaf 1; {@code seven} and {@code sevenOne} those of 7.0 and 7.1 */
    static Set<Feature> features(int[] one, int[] seven, int[] sevenOne, int xcr0) {
        Set<Feature> found = EnumSet.noneOf(Feature.class);
        boolean ymm = bit(one[2], OSXSAVE) && bit(one[2], 28) && (xcr0 & YMM_STATE) == YMM_STATE;
        if (ymm && bit(seven[1], 5)) {
            found.add(Feature.AVX2);
            if (bit(one[2], 12)) {
                found.add(Feature.FMA);
            }
            if (bit(sevenOne[0], 4)) {
                found.add(Feature.AVX_VNNI);
            }
        }
        // F, DQ, BW and VL together, as every CPU since Skylake-SP has them.
        boolean zmm = ymm && (xcr0 & ZMM_STATE) == ZMM_STATE;
        if (zmm && bit(seven[1], 16) && bit(seven[1], 17) && bit(seven[1], 30) && bit(seven[1], 31)) {
            found.add(Feature.AVX512);
            if (bit(seven[2], 11)) {
                found.add(Feature.AVX512_VNNI);
            }
            if (bit(seven[2], 14)) {
                found.add(Feature.AVX512_VPOPCNTDQ);
            }
        }
        return found;
    }

    private static boolean bit(int word, int n) {
        return (word >> n & 1) == 1;
    }

    private static int[] ask(Routine routine, MemorySegment words, int leaf, int sub) {
        words.set(ValueLayout.JAVA_INT, 0, leaf);
        words.set(ValueLayout.JAVA_INT, 4, sub);
        routine.call(words);
        return words.toArray(ValueLayout.JAVA_INT);
    }

    /** words[0..3] = cpuid(words[0], words[1]). */
    private static byte[] cpuid(Abi abi) {
        Assembler a = new Assembler();
        a.push(RBX);
        a.mov(R8, abi.argument(0));
        a.mov32(RAX, Mem.at(R8));
        a.mov32(RCX, Mem.at(R8, 4));
        a.cpuid();
        a.mov32(Mem.at(R8), RAX);
        a.mov32(Mem.at(R8, 4), RBX);
        a.mov32(Mem.at(R8, 8), RCX);
        a.mov32(Mem.at(R8, 12), RDX);
        a.pop(RBX);
        a.ret();
        return a.code();
    }

    /** words[0] = the lower half of XCR0. */
    private static byte[] xgetbv(Abi abi) {
        Assembler a = new Assembler();
        a.mov(R8, abi.argument(0));
        a.mov(RCX, 0);
        a.xgetbv();
        a.mov32(Mem.at(R8), RAX);
        a.ret();
        return a.code();
    }
}
