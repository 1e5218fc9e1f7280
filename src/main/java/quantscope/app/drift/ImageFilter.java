package quantscope.app.drift;

import java.util.List;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;

/** Which images are shown. */
enum ImageFilter {
    DRIFTED, ALL, BECAME_WRONG, BECAME_RIGHT;

    List<ImageComparison> of(List<ImageComparison> images) {
        return images.stream().filter(this::shows).toList();
    }

    private boolean shows(ImageComparison image) {
        return switch (this) {
            case ALL -> true;
            case DRIFTED -> image.drifted();
            case BECAME_WRONG -> Outcome.of(image) == Outcome.BECAME_WRONG;
            case BECAME_RIGHT -> Outcome.of(image) == Outcome.BECAME_RIGHT;
        };
    }
}
