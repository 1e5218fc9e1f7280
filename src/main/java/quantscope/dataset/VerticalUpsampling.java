package quantscope.dataset;

/**
 * Chroma that is halved in height alone (4:4:0, cameras' 4:2:2 turned upright). libjpeg-turbo, which Pillow uses,
 * upsamples it with a triangle filter (h1v2_fancy_upsample in jdsample.c); the JDK's older libjpeg repeats rows.
 */
final class VerticalUpsampling {

    private VerticalUpsampling() { }

    /**
     * Replaces repeated rows by weighted ones: upper {@code (3 a + above + 1) >> 2}, lower
     * {@code (3 a + below + 2) >> 2}; beyond the edges rows repeat. Rows that are not repeated in pairs were made by a
     * libjpeg that has smoothed them already, and stay.
     *
     * @param samples interleaved components, changed in place
     * @param c       the component to work on
     */
    static void smooth(byte[] samples, int width, int height, int components, int c) {
        int rows = (height + 1) / 2;
        byte[][] chroma = new byte[rows][width];
        int stride = width * components;
        for (int y = 0; y < height; y++) {
            for (int x = 0, at = y * stride + c; x < width; x++, at += components) {
                if (y % 2 == 0) {
                    chroma[y / 2][x] = samples[at];
                } else if (chroma[y / 2][x] != samples[at]) {
                    return;
                }
            }
        }
        for (int y = 0; y < height; y++) {
            byte[] near = chroma[y / 2];
            byte[] far = chroma[Math.clamp(y % 2 == 0 ? y / 2 - 1 : y / 2 + 1, 0, rows - 1)];
            int bias = y % 2 == 0 ? 1 : 2;
            for (int x = 0, at = y * stride + c; x < width; x++, at += components) {
                samples[at] = (byte) (3 * (near[x] & 0xff) + (far[x] & 0xff) + bias >> 2);
            }
        }
    }
}
