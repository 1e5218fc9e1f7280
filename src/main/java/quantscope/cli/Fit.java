package quantscope.cli;

import quantscope.export.Configuration;
import quantscope.session.OpenModel;

/** Says when a configuration was made for another file. */
final class Fit {

    private Fit() { }

    static void warnIfOtherModel(Console console, OpenModel open, Configuration configuration) {
        if (!open.model().sha256().equals(configuration.modelSha256())) {
            console.note("note: the configuration was made for %s (sha256 %s...), this is %s (sha256 %s...)",
                    configuration.modelFile(), configuration.modelSha256().substring(0, 12),
                    open.model().file().getFileName(), open.model().sha256().substring(0, 12));
        }
    }
}
