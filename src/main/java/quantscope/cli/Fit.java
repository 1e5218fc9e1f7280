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

    static final String OTHER_MODEL = "--other-model";
    static final String OTHER_MODEL_HELP = "Use the configuration although it was made for another model file, if it fits.";

    private Fit() { }

    /**
     * Takes up the calibration in a configuration file.
     *
     * @param otherModel whether it may have been made for another model, whose scales are another's
     */
    static CalibrationRun restore(Session session, Console console, OpenModel open, Path file,
                                  Configuration configuration, boolean otherModel, ImageSet images,
                                  Preprocessing preprocessing) throws ConfigurationException {
        String name = file.getFileName().toString();
        if (!open.model().sha256().equals(configuration.modelSha256())) {
            String made = String.format("was made for %s (sha256 %.12s...), this is %s (sha256 %.12s...)",
                    configuration.modelFile(), configuration.modelSha256(), open.model().file().getFileName(),
                    open.model().sha256());
            if (!otherModel) {
                throw new ConfigurationException(name, made + "; calibrate this model, or add " + OTHER_MODEL
                        + " to take over the other one's scales");
            }
            console.note("note: %s %s", name, made);
        }
        try {
            CalibrationRun run = session.restore(open, configuration, images, preprocessing);
            run.calibration().warnings().forEach(warning -> console.note("warning: %s", warning));
            return run;
        } catch (ConfigurationException e) {
            throw new ConfigurationException(name, e.getMessage());
        }
    }
}
