package quantscope.kernel;

/** Makes one int8 level of two. */
public sealed interface PairRule {

    /** @param a the first input's level, 0..255, and {@code b} the second's */
    byte level(int a, int b);

    /**
     * A sum in fixed point, as qnnpack's: factors are the ratios of the scales times 2^shift, and halves are rounded
     * away from zero. The largest sum, 2 * 255 * 2^22, fits.
     *
     * @param low the zero point where a ReLU is fused, else 0
     */
    record FixedPointSum(int factorA, int zeroA, int factorB, int zeroB, int shift, int zeroPoint, int low)
            implements PairRule {

        /** Binary digits of the larger factor behind its first. */
        private static final int DIGITS = 21;
        private static final int SMALLEST_EXPONENT = -14;
        private static final int LARGEST_EXPONENT = 7;

        /**
         * @param ratioA scale of the first input over that of the output
         * @throws IllegalArgumentException when qnnpack cannot add these: a ratio outside of 2^-14 to 2^8
         */
        public static FixedPointSum of(float ratioA, int zeroA, float ratioB, int zeroB, int zeroPoint, int low) {
            for (float ratio : new float[] {ratioA, ratioB}) {
                if (!(Math.getExponent(ratio) >= SMALLEST_EXPONENT && Math.getExponent(ratio) <= LARGEST_EXPONENT)) {
                    throw new IllegalArgumentException("an input's scale is " + ratio
                            + " of the output's; qnnpack adds only from 2^-14 to 2^8");
                }
            }
            int shift = DIGITS - Math.getExponent(Math.max(ratioA, ratioB));
            return new FixedPointSum((int) Math.rint(Math.scalb((double) ratioA, shift)), zeroA,
                    (int) Math.rint(Math.scalb((double) ratioB, shift)), zeroB, shift, zeroPoint, low);
        }

        @Override
        public byte level(int a, int b) {
            int sum = (a - zeroA) * factorA + (b - zeroB) * factorB;
            int mask = (1 << shift) - 1;
            int rest = (sum & mask) - (sum < 0 ? 1 : 0);
            int rounded = (sum >> shift) + (rest > mask >> 1 ? 1 : 0);
            return (byte) Math.clamp(rounded + zeroPoint, low, 255);
        }
    }

    /**
     * ONNX Runtime's QLinearAdd on x86 CPUs with AVX2: rint(fma(ratioA, a, fma(ratioB, b, fixed))), clamped.
     *
     * @param fixed zero point of the output less those of the inputs, each times its ratio
     * @param low   the zero point where a ReLU is fused, else 0
     */
    record RatioSum(float ratioA, float ratioB, float fixed, int low) implements PairRule {

        public static RatioSum of(float ratioA, int zeroA, float ratioB, int zeroB, int zeroPoint, int low) {
            return new RatioSum(ratioA, ratioB, zeroPoint - Math.fma(ratioA, (float) zeroA, ratioB * zeroB), low);
        }

        @Override
        public byte level(int a, int b) {
            return Int8Arithmetic.level(Math.fma((float) a, ratioA, Math.fma((float) b, ratioB, fixed)), 0, low);
        }
    }

    /** ONNX Runtime's QLinearMul: rint((a - z_a) * (b - z_b) * multiplier + z), clamped to 0..255. */
    record ScaledProduct(int zeroA, int zeroB, float multiplier, int zeroPoint) implements PairRule {

        @Override
        public byte level(int a, int b) {
            return Int8Arithmetic.level((a - zeroA) * (b - zeroB) * multiplier + zeroPoint, 0, 0);
        }
    }
}
