package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;

/** Which taps of a convolution's window lie inside of the image. */
final class ConvLoops {

    private ConvLoops() { }

    /** The input row, or column, of a tap; negative or too large in the padding. */
    static int position(int out, int stride, int tap, int dilation, int pad) {
        return out * stride + tap * dilation - pad;
    }

    /** Index of the first weight of an output channel. */
    static int weights(ConvShape s, int o) {
        return o * s.depth();
    }

    /** Index of the first element of the first input channel that an output channel reads. */
    static int channels(ConvShape s, int o) {
        return o / s.outPerGroup() * s.inPerGroup() * s.inPlane();
    }
}
