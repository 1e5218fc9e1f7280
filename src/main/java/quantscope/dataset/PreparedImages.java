package quantscope.dataset;

import java.util.List;
import java.util.Optional;

/**
 * The images of an {@link ImageSelection}.
 *
 * @param selection   what was asked for
 * @param calibration at least 1
 * @param evaluation  at least 1; apart from the calibration images, unless these are all that is readable
 * @param skipped     unreadable images met on the way, in order
 */
public record PreparedImages(ImageSelection selection, LoadedImages calibration, LoadedImages evaluation,
                             List<SkippedImage> skipped) {

    public PreparedImages {
        skipped = List.copyOf(skipped);
    }

    /** What the user should know where the folder holds fewer readable images than were asked for. */
    public Optional<String> shortage() {
        if (calibration.paths().getFirst().equals(evaluation.paths().getFirst())) {
            return Optional.of("The folder has " + images(calibration.count()) + ", all of which calibrate: the"
                    + " comparison runs on images that calibrated.");
        }
        if (evaluation.count() == selection.evaluation()) {
            return Optional.empty();
        }
        return Optional.of("The folder has " + images(calibration.count() + evaluation.count()) + ": "
                + calibration.count() + " calibrate, " + evaluation.count() + " instead of "
                + selection.evaluation() + " are left to compare on.");
    }

    private static String images(int count) {
        return count == 1 ? "one readable image" : count + " readable images";
    }
}
