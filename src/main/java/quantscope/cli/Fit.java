package quantscope.cli;

import java.nio.file.Path;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.session.CalibrationRun;
import quantscope.session.OpenModel;
import quantscope.session.Session;

/** Whether a configuration fits a model. */
final class Fit {

    private Fit() { }

    /** Takes up the calibration in a configuration file, with a note where it was made for another model. */
    static CalibrationRun restore(Session session, Console console, OpenModel open, Path file,
                                  Configuration configuration, ImageSet images, Preprocessing preprocessing)
            throws ConfigurationException {
        warnIfOtherModel(console, open, configuration);
        try {
            CalibrationRun run = session.restore(open, configuration, images, preprocessing);
            run.calibration().warnings().forEach(warning -> console.note("warning: %s", warning));
            return run;
        } catch (ConfigurationException e) {
            throw new ConfigurationException(file.getFileName().toString(), e.getMessage());
        }
    }

    private static void warnIfOtherModel(Console console, OpenModel open, Configuration configuration) {
        if (!open.model().sha256().equals(configuration.modelSha256())) {
            console.note("note: the configuration was made for %s (sha256 %s...), this is %s (sha256 %s...)",
                    configuration.modelFile(), configuration.modelSha256().substring(0, 12),
                    open.model().file().getFileName(), open.model().sha256().substring(0, 12));
        }
    }
}
