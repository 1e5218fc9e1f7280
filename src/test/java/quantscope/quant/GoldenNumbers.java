package quantscope.quant;

import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The same float32 numbers as golden/quant/make_golden.py, from the same integer generator. */
final class GoldenNumbers {

    private GoldenNumbers() { }

    static float[] uniform(int seed, int n) {
        float[] out = new float[n];
        int x = seed;
        for (int i = 0; i < n; i++) {
            x = 1664525 * x + 1013904223;
            out[i] = (x >>> 8) * 0x1p-24f;
        }
        return out;
    }

    static float[] of(String kind, int seed, int n, float scale) {
        float[] x = uniform(seed, n);
        float[] b = uniform(seed + 1, n);
        float[] c = uniform(seed + 2, n);
        float[] d = uniform(seed + 3, n);
        for (int i = 0; i < n; i++) {
            float centred = x[i] * 2 - 1;
            float cube = centred * centred * centred;
            x[i] = scale * switch (kind) {
                case "uniform" -> centred;
                case "bell" -> x[i] + b[i] + c[i] + d[i] - 2;
                case "heavy" -> cube * cube * cube;
                case "relu" -> Math.max(centred, 0);
                case "negative" -> -x[i] - 0.25f;
                case "constant" -> 0.75f;
                case "zero" -> 0;
                case "infinite" -> i % 89 == 0 ? Float.NEGATIVE_INFINITY
                        : i % 97 == 0 ? Float.POSITIVE_INFINITY : centred;
                default -> throw new IllegalArgumentException(kind);
            };
        }
        return x;
    }

    static FloatTensor tensor(String kind, int seed, int n, float scale, int rows) {
        return new FloatTensor(Shape.of(rows, n / rows), of(kind, seed, n, scale));
    }
}
