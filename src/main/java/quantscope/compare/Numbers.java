package quantscope.compare;

import quantscope.quant.Quantizer;
import quantscope.run.Value;

/** The real numbers that values stand for. */
final class Numbers {

    private Numbers() { }

    /** The elements of a value, int8 dequantized; to be read only. */
    static float[] of(Value value) {
        return switch (value) {
            case Value.Fp32 v -> v.tensor().data();
            case Value.Int8 v -> Quantizer.dequantize(v.tensor()).data();
        };
    }

    /** How many elements have another sign (-1, 0, +1). */
    static long signFlips(float[] x, float[] y) {
        long flips = 0;
        for (int i = 0; i < x.length; i++) {
            if (Math.signum(x[i]) != Math.signum(y[i])) {
                flips++;
            }
        }
        return flips;
    }
}
