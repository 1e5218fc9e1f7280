package quantscope.quant;

/** torch.linspace in float32: from the start in the first half, from the end in the second. */
final class Linspace {

    private Linspace() { }

    static float[] of(float start, float end, int steps) {
        float step = (end - start) / (steps - 1);
        float[] values = new float[steps];
        for (int i = 0; i < steps; i++) {
            values[i] = i < steps / 2 ? start + step * i : end - step * (steps - i - 1);
        }
        return values;
    }
}
