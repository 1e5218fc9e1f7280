package quantscope.kernel;

/**
 * A value as pixels with their channels side by side, or plane by plane, as PyTorch's contiguous tensors are.
 *
 * @param pixels   of one image
 * @param channels of a pixel; 1 where both orders are the same
 */
public record Channels(int pixels, int channels) {

    public int size() {
        return pixels * channels;
    }

    /** Where the element with a plane-by-plane index lies among pixels. */
    public int at(int index) {
        return channels == 1 ? index : index % pixels * channels + index / pixels;
    }

    /** Copies planes to pixels. */
    public void interleave(float[] planes, int from, float[] pixels, int to) {
        if (channels == 3) {
            threeChannels(planes, from, pixels, to);
            return;
        }
        for (int c = 0; c < channels; c++) {
            int plane = from + c * this.pixels;
            for (int i = 0; i < this.pixels; i++) {
                pixels[to + i * channels + c] = planes[plane + i];
            }
        }
    }

    /** Images come in three colours. */
    private void threeChannels(float[] planes, int from, float[] pixels, int to) {
        int n = this.pixels;
        for (int i = 0; i < n; i++) {
            pixels[to + 3 * i] = planes[from + i];
            pixels[to + 3 * i + 1] = planes[from + n + i];
            pixels[to + 3 * i + 2] = planes[from + 2 * n + i];
        }
    }

    /** Copies pixels to planes. */
    public void separate(float[] pixels, int from, float[] planes, int to) {
        for (int c = 0; c < channels; c++) {
            int plane = to + c * this.pixels;
            for (int i = 0; i < this.pixels; i++) {
                planes[plane + i] = pixels[from + i * channels + c];
            }
        }
    }

    /** Copies pixels to planes. */
    public void separate(byte[] pixels, int from, byte[] planes, int to) {
        for (int c = 0; c < channels; c++) {
            int plane = to + c * this.pixels;
            for (int i = 0; i < this.pixels; i++) {
                planes[plane + i] = pixels[from + i * channels + c];
            }
        }
    }
}
