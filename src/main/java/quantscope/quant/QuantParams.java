package quantscope.quant;

import java.util.Arrays;

/** Scale and zero point of a quantized tensor: real = (level - zeroPoint) * scale. */
public sealed interface QuantParams {

    QuantDtype dtype();

    /** Scale of a channel, positive and finite; per-tensor parameters give theirs for every channel. */
    float scale(int channel);

    /** Zero point of a channel, within the type's levels. */
    int zeroPoint(int channel);

    /** One scale and zero point for the whole tensor. */
    record PerTensor(QuantDtype dtype, float scale, int zeroPoint) implements QuantParams {

        public PerTensor {
            check(dtype, scale, zeroPoint);
        }

        @Override
        public float scale(int channel) {
            return scale;
        }

        @Override
        public int zeroPoint(int channel) {
            return zeroPoint;
        }
    }

    /** One scale and zero point for each index of an axis; weights use axis 0, their output channels. */
    record PerChannel(QuantDtype dtype, float[] scales, int[] zeroPoints, int axis) implements QuantParams {

        public PerChannel {
            scales = scales.clone();
            zeroPoints = zeroPoints.clone();
            if (scales.length != zeroPoints.length || scales.length == 0) {
                throw new IllegalArgumentException(scales.length + " scales, " + zeroPoints.length + " zero points");
            }
            for (int i = 0; i < scales.length; i++) {
                check(dtype, scales[i], zeroPoints[i]);
            }
        }

        public int channels() {
            return scales.length;
        }

        @Override
        public float[] scales() {
            return scales.clone();
        }

        @Override
        public int[] zeroPoints() {
            return zeroPoints.clone();
        }

        @Override
        public float scale(int channel) {
            return scales[channel];
        }

        @Override
        public int zeroPoint(int channel) {
            return zeroPoints[channel];
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof PerChannel p && p.dtype == dtype && p.axis == axis
                    && Arrays.equals(p.scales, scales) && Arrays.equals(p.zeroPoints, zeroPoints);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(scales) * 31 + Arrays.hashCode(zeroPoints);
        }
    }

    private static void check(QuantDtype dtype, float scale, int zeroPoint) {
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw new IllegalArgumentException("scale " + scale + ", expected a positive finite number");
        }
        if (zeroPoint < dtype.min() || zeroPoint > dtype.max()) {
            throw new IllegalArgumentException("zero point " + zeroPoint + " is outside of " + dtype);
        }
    }
}
