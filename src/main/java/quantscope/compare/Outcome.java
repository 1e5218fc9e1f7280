package quantscope.compare;

import quantscope.compare.ImageComparison;

/** What quantization did to the answer for an image. */
public enum Outcome {
    SAME, BECAME_RIGHT, BECAME_WRONG,
    /** Another answer, and neither is right or the label is unknown. */
    CHANGED;

    public static Outcome of(ImageComparison image) {
        if (!image.drifted()) {
            return SAME;
        }
        if (image.label().isEmpty()) {
            return CHANGED;
        }
        int label = image.label().getAsInt();
        return image.converted().top1() == label ? BECAME_RIGHT
                : image.fp32().top1() == label ? BECAME_WRONG : CHANGED;
    }
}
