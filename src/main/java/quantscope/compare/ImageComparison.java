package quantscope.compare;

import java.util.OptionalInt;

/**
 * Both answers for one image.
 *
 * @param path  relative to the folder, forward slashes
 * @param label class index in the model's order, empty without labels
 */
public record ImageComparison(String path, OptionalInt label, Answer fp32, Answer converted) {

    public boolean drifted() {
        return fp32.top1() != converted.top1();
    }
}
