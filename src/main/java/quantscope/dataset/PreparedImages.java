package quantscope.dataset;

import java.util.List;
import java.util.Optional;

/**
 * The images of an {@link ImageSelection}.
 *
 * @param selection   what was asked for
 * @param calibration at least 1
 * @param evaluation  at least 1; apart from the calibration images, unless only one image is readable
 * @param skipped     unreadable images met on the way, in order
 */
public record PreparedImages(ImageSelection selection, LoadedImages calibration, LoadedImages evaluation,
                             List<SkippedImage> skipped) {

    public PreparedImages {
        skipped = List.copyOf(skipped);
    }

    /** What the user should know where the folder holds fewer readable images than were asked for. */
    public Optional<String> shortage() {
        if (calibration.count() == selection.calibration() && evaluation.count() == selection.evaluation()) {
            return Optional.empty();
        }
        if (calibration.paths().equals(evaluation.paths())) {
            return Optional.of("The folder has one readable image; it both calibrates and is compared.");
        }
        return Optional.of("The folder has " + (calibration.count() + evaluation.count()) + " readable images, "
                + ((long) selection.calibration() + selection.evaluation()) + " were asked for: "
                + calibration.count() + " calibrate and " + evaluation.count() + " are compared.");
    }
}
