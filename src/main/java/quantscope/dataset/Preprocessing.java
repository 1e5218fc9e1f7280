package quantscope.dataset;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * From a decoded image to the network's input, as torchvision does it: Resize(shorter side, bilinear,
 * antialias) -> CenterCrop -> ToTensor (/255) -> Normalize(mean, std).
 *
 * @param resize     length of the shorter side after resizing; empty leaves the image's size
 * @param cropHeight height of the centre crop, which is the network's input height
 * @param cropWidth  width of the centre crop, which is the network's input width
 * @param mean       per channel, in the 0..1 range of the pixels; its length is the number of channels, 1 or 3
 * @param std        per channel, positive
 */
public record Preprocessing(OptionalInt resize, int cropHeight, int cropWidth, float[] mean, float[] std) {

    private static final float[] IMAGENET_MEAN = {0.485f, 0.456f, 0.406f};
    private static final float[] IMAGENET_STD = {0.229f, 0.224f, 0.225f};
    private static final int LARGEST = 16_384;

    public Preprocessing {
        mean = mean.clone();
        std = std.clone();
        if (mean.length != std.length || (mean.length != 1 && mean.length != 3)) {
            throw new IllegalArgumentException(
                    "mean has " + mean.length + " and std " + std.length + " values, expected 1 or 3 of each");
        }
        for (int c = 0; c < std.length; c++) {
            if (!Float.isFinite(mean[c]) || !(std[c] > 0) || !Float.isFinite(std[c])) {
                throw new IllegalArgumentException("mean must be finite and std positive");
            }
        }
        checkSide("crop height", cropHeight);
        checkSide("crop width", cropWidth);
        if (resize.isPresent()) {
            checkSide("resize", resize.getAsInt());
        }
    }

    /** The default: shorter side to 256/224 of the input's shorter side, centre crop, ImageNet's mean and std. */
    public static Preprocessing imageNet(int channels, int height, int width) {
        OptionalInt resize = OptionalInt.of(imageNetResize(height, width));
        return channels == 1
                ? new Preprocessing(resize, height, width, new float[] {0.449f}, new float[] {0.226f})
                : new Preprocessing(resize, height, width, IMAGENET_MEAN, IMAGENET_STD);
    }

    /** Whether images of a size can be made by {@link #imageNet}: they are neither empty nor enormous. */
    public static boolean isImageSize(int height, int width) {
        return Math.min(height, width) >= 1 && Math.max(Math.max(height, width), imageNetResize(height, width)) <= LARGEST;
    }

    private static int imageNetResize(int height, int width) {
        return (int) Math.round(Math.min(height, width) * 256.0 / 224.0);
    }

    public int channels() {
        return mean.length;
    }

    @Override
    public float[] mean() {
        return mean.clone();
    }

    @Override
    public float[] std() {
        return std.clone();
    }

    private static void checkSide(String what, int side) {
        if (side < 1 || side > LARGEST) {
            throw new IllegalArgumentException(what + " is " + side + ", expected 1 to " + LARGEST);
        }
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Preprocessing p && p.resize.equals(resize) && p.cropHeight == cropHeight
                && p.cropWidth == cropWidth && Arrays.equals(p.mean, mean) && Arrays.equals(p.std, std);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(mean) * 31 + Arrays.hashCode(std) + cropHeight * 7 + cropWidth;
    }
}
