package quantscope.app.calibration;

import quantscope.app.text.Texts;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;

/** A folder of images in words. */
final class ImagesText {

    private final Texts texts;

    ImagesText(Texts texts) {
        this.texts = texts;
    }

    /** How many, and whether they have labels. */
    String facts(ImageSet images) {
        return texts.text(images.labelled() ? "images.labelled" : "images.flat", images.items().size(),
                images.classes().size());
    }

    /** What becomes of the wish where the folder has too few images; empty where it has enough. */
    String shortage(ImageSet images, ImageSelection wish) {
        int there = images.items().size();
        if (there <= wish.calibration()) {
            return texts.text("selection.noneLeft", there, wish.calibration());
        }
        return there < (long) wish.calibration() + wish.evaluation()
                ? texts.text("selection.fewLeft", there, there - wish.calibration()) : "";
    }
}
