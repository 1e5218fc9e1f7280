package quantscope.kernel.emitted;

import java.util.List;

/**
 * Bytes of the caches that a core's data goes through, nearest first, as CPUID describes them: leaf 4 (Intel, Software
 * Developer's Manual, volume 2, CPUID), leaf 8000001D (AMD, Architecture Programmer's Manual, volume 3, E.4.16), which have
 * the same form.
 */
record Caches(long first, long second, long third) {

    /** What is assumed where nothing, or nothing sensible, is said: what most CPUs with AVX2 have at least. */
    static final Caches USUAL = new Caches(32 << 10, 512 << 10, 4 << 20);

    private static final int DATA = 1;
    private static final int UNIFIED = 3;
    private static final int LEAST = 1 << 12;
    private static final long MOST = 1L << 32;

    /** @param leaves eax, ebx, ecx, edx of each sub-leaf; those of instruction caches and of type 0, none, say nothing */
    static Caches of(List<int[]> leaves) {
        long[] bytes = {USUAL.first, USUAL.second, USUAL.third};
        for (int[] leaf : leaves) {
            int type = leaf[0] & 0x1f;
            int level = leaf[0] >> 5 & 7;
            long size = size(leaf[1], leaf[2]);
            if ((type == DATA || type == UNIFIED) && level >= 1 && level <= bytes.length && size >= LEAST && size <= MOST) {
                bytes[level - 1] = size;
            }
        }
        return new Caches(bytes[0], bytes[1], bytes[2]);
    }

    /** Whether a sub-leaf describes a cache at all; behind the last one comes one that does not. */
    static boolean describes(int[] leaf) {
        return (leaf[0] & 0x1f) != 0;
    }

    /** Ways by partitions by bytes of a line by sets, each less one. */
    private static long size(int ebx, int ecx) {
        return ((ebx >>> 22) + 1L) * ((ebx >> 12 & 0x3ff) + 1L) * ((ebx & 0xfff) + 1L) * ((ecx & 0xffff_ffffL) + 1L);
    }

    /**
     * Bytes of the transformed pixels of a strip of {@link WinogradConv}: 400 KiB of 1 MiB. With a block's sums, which are a
     * fourth to a half of it, they stay in the second level while weights pass through.
     */
    long strip() {
        return second * 25 / 64;
    }
}
