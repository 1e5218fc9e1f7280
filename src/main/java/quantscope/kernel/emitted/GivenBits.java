package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import quantscope.kernel.Memory;

/** Bits that a layer before left in {@link Memory#bytes()}; every value has a sign. */
record GivenBits(PaddedImage image) implements BitSource {

    @Override
    public boolean pack(Memory memory, int from, int[] ints, int bits, int masks) {
        MemorySegment in = MemorySegment.ofArray(memory.bytes());
        MemorySegment out = MemorySegment.ofArray(ints);
        int row = image.shape().inWidth() * image.pixelBytes();
        for (int y = 0; y < image.shape().inHeight(); y++) {
            MemorySegment.copy(in, from + (long) y * row, out, 4L * bits + image.row(y), row);
            int mask = masks + (int) (image.row(y) / 4);
            Arrays.fill(ints, mask, mask + row / 4, -1);
        }
        return true;
    }
}
