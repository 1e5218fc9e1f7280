package quantscope.dataset;

/**
 * Which images of a folder are used for what. The folder's images are shuffled by the seed (Fisher-Yates with
 * java.util.Random, whose numbers are specified and the same everywhere); the first {@code calibration} readable
 * ones calibrate, the next {@code evaluation} readable ones compare. Where calibration takes them all, the comparison
 * runs on images that calibrated.
 *
 * @param calibration at least 1
 * @param evaluation  at least 1
 * @param seed        of the shuffle
 * @param batch       images per calibration batch, PyTorch's DataLoader batch_size; at least 1
 */
public record ImageSelection(int calibration, int evaluation, long seed, int batch) {

    /** 200 to calibrate, 100 to compare, seed 0, batches of 32. */
    public static final ImageSelection DEFAULT = new ImageSelection(200, 100, 0, 32);

    public ImageSelection {
        if (calibration < 1 || evaluation < 1 || batch < 1) {
            throw new IllegalArgumentException("calibration " + calibration + ", evaluation " + evaluation
                    + " and batch " + batch + " must each be at least 1");
        }
    }
}
