package quantscope.session;

import java.util.List;
import quantscope.dataset.SkippedImage;
import quantscope.ptq.Calibration;
import quantscope.ptq.Prepared;

/**
 * A finished calibration.
 *
 * @param job        what was asked for
 * @param prepared   the graph that was calibrated
 * @param images     paths of the calibration images, in order
 * @param evaluation paths of the images to compare on, in order
 * @param skipped    unreadable images that were met
 */
public record CalibrationRun(Job job, Prepared prepared, Calibration calibration, List<String> images,
                             List<String> evaluation, List<SkippedImage> skipped) {

    public CalibrationRun {
        images = List.copyOf(images);
        evaluation = List.copyOf(evaluation);
        skipped = List.copyOf(skipped);
    }
}
