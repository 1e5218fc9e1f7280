package quantscope.compare;

/**
 * How well levels are used.
 *
 * @param used how many of the 256 levels occur
 * @param bits entropy of the levels, - sum p log2 p, in bits: 8 where all 256 are equally frequent; divided by 8 it is
 *             the share of weight bits used
 */
public record LevelUse(int used, double bits) {

    static LevelUse of(byte[] levels, int from, int to) {
        long[] counts = new long[256];
        for (int i = from; i < to; i++) {
            counts[levels[i] & 0xff]++;
        }
        int used = 0;
        double bits = 0;
        for (long n : counts) {
            if (n > 0) {
                double share = (double) n / (to - from);
                used++;
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return new LevelUse(used, Math.max(0, bits));
    }
}
