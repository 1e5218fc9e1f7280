package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Memory;
import quantscope.kernel.SignSource;

/**
 * Signs as bits, 64 channels in a long, [H][W][groups][words]: bit 1 is minus. A second array, the mask, has 1 where
 * there is a sign at all: 0 beyond the last channel and, where the sign of 0 is 0, for zeros.
 */
final class SignBits {

    private final ConvShape shape;
    private final SignSource source;
    private final int words;

    SignBits(ConvShape shape, SignSource source) {
        this.shape = shape;
        this.source = source;
        this.words = (shape.inPerGroup() + 63) / 64;
    }

    /** Longs for one pixel of one group. */
    int words() {
        return words;
    }

    /** Longs from one pixel to the next. */
    int pixelStride() {
        return shape.groups() * words;
    }

    /** Longs of the whole image, in each of the two arrays. */
    int size() {
        return shape.inPlane() * pixelStride();
    }

    /**
     * Packs an image.
     *
     * @return whether every element has a sign
     */
    boolean pack(Memory memory, int from, int bits, int masks) {
        long[] longs = memory.scratchLongs();
        Arrays.fill(longs, bits, bits + size(), 0L);
        Arrays.fill(longs, masks, masks + size(), 0L);
        if (shape.inPlane() == 1) {
            return packVector(memory, from, longs, bits, masks);
        }
        long missing = 0;
        for (int c = 0; c < shape.inChannels(); c++) {
            int inGroup = c % shape.inPerGroup();
            int word = c / shape.inPerGroup() * words + inGroup / 64;
            int at = from + c * shape.inPlane();
            missing |= source.int8()
                    ? packLevels(memory.bytes(), at, longs, bits + word, masks + word, inGroup % 64)
                    : packFloats(memory.floats(), at, longs, bits + word, masks + word, inGroup % 64);
        }
        return missing == 0;
    }

    /** One pixel: a long at a time. */
    private boolean packVector(Memory memory, int from, long[] longs, int bits, int masks) {
        boolean complete = true;
        for (int word = 0; word < pixelStride(); word++) {
            int first = word % words * 64;
            int n = Math.min(64, shape.inPerGroup() - first);
            int at = from + word / words * shape.inPerGroup() + first;
            long minus = 0;
            long some = 0;
            for (int i = 0; i < n; i++) {
                int sign = source.sign(memory, at + i);
                minus |= (sign >>> 31 & 1L) << i;
                some |= (sign & 1L) << i;
            }
            longs[bits + word] = minus;
            longs[masks + word] = some;
            complete &= some == (n == 64 ? -1L : (1L << n) - 1);
        }
        return complete;
    }

    private long packFloats(float[] x, int from, long[] longs, int bits, int masks, int shift) {
        int n = shape.inPlane();
        int step = pixelStride();
        long zeroMinus = source.zeroSign() < 0 ? 1 : 0;
        long zeroMask = source.zeroSign() == 0 ? 0 : 1;
        long missing = 0;
        for (int i = 0; i < n; i++) {
            float v = x[from + i];
            long some = v > 0 || v < 0 ? 1 : 0;
            long minus = v < 0 ? 1 : (1 - some) * zeroMinus;
            long mask = some | zeroMask;
            longs[bits + i * step] |= minus << shift;
            longs[masks + i * step] |= mask << shift;
            missing |= 1 - mask;
        }
        return missing;
    }

    private long packLevels(byte[] x, int from, long[] longs, int bits, int masks, int shift) {
        int n = shape.inPlane();
        int step = pixelStride();
        long zeroMinus = source.zeroSign() < 0 ? 1 : 0;
        long zeroMask = source.zeroSign() == 0 ? 0 : 1;
        long missing = 0;
        for (int i = 0; i < n; i++) {
            int v = (x[from + i] & 0xff) - source.zeroPoint();
            long minus = v < 0 ? 1 : v == 0 ? zeroMinus : 0;
            long mask = v != 0 ? 1 : zeroMask;
            longs[bits + i * step] |= minus << shift;
            longs[masks + i * step] |= mask << shift;
            missing |= 1 - mask;
        }
        return missing;
    }
}
