package quantscope.kernel.emitted;

import quantscope.kernel.ConvShape;

/**
 * How a kernel row's products lie in the image.
 *
 * @param taps     runs of neighbouring bytes: 1 where a row's taps lie side by side
 * @param steps    of four bytes in a run
 * @param tapBytes from a run to the next
 */
record Runs(int taps, int steps, int tapBytes) {

    /**
     * @param pixelBytes from a pixel to the next
     * @param groupBytes of a pixel that belong to one group
     */
    static Runs of(ConvShape s, int pixelBytes, int groupBytes) {
        boolean together = s.groups() == 1 && s.dilationW() == 1;
        int bytes = together ? s.kernelW() * pixelBytes : groupBytes;
        return new Runs(together ? 1 : s.kernelW(), (bytes + 3) / 4, s.dilationW() * pixelBytes);
    }

    /** Steps of a kernel row. */
    int rowSteps() {
        return taps * steps;
    }

    /** Where, in bytes from the start of a kernel row's weights of one channel, a byte of a tap is. */
    int at(int tap, int groupBytes, int inTap) {
        return taps == 1 ? tap * groupBytes + inTap : tap * 4 * steps + inTap;
    }
}
