package quantscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import quantscope.compare.Comparison;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.export.ConfigurationJson;
import quantscope.format.ModelFormatException;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

/** What commands take that run a model in a calibrated configuration. */
final class CalibratedOptions {

    @Parameters(paramLabel = "MODEL", description = "The model that the configuration was made for.")
    private Path model;

    @Option(names = "--images", paramLabel = "DIR", required = true,
            description = "A folder of images, with a sub-folder per class or without; those of the calibration among them.")
    private Path images;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "A calibrated configuration.")
    private Path config;

    @Option(names = ProfileOption.NAME, paramLabel = "BACKEND",
            description = "Where it runs: fbgemm, fbgemm-avx2, qnnpack, onednn, onnxruntime, onnxruntime-avx2 (default: the "
                    + "configuration's).")
    private String profile;

    @Option(names = Fit.OTHER_MODEL, description = Fit.OTHER_MODEL_HELP)
    private boolean otherModel;

    /** A model with its images, calibrated. */
    record Restored(OpenModel open, ImageSet images, CalibrationRun run, Configuration configuration) { }

    Restored restore(Session session, Console console, CommandSpec spec)
            throws IOException, ConfigurationException, ModelFormatException {
        return restore(session, console, spec, new PreprocessingOptions());
    }

    /** @param preprocessing over the configuration's */
    Restored restore(Session session, Console console, CommandSpec spec, PreprocessingOptions preprocessing)
            throws IOException, ConfigurationException, ModelFormatException {
        Configuration loaded = ConfigurationJson.load(config);
        Configuration configuration = ProfileOption.of(profile, spec).map(loaded::withProfile).orElse(loaded);
        OpenModel open = session.open(model, console.progress(), Cancellation.NEVER);
        ImageSet set = Folder.open(session, images, console);
        CalibrationRun run = Fit.restore(session, console, open, config, configuration, otherModel, set,
                preprocessing.over(configuration.preprocessing(), open, spec));
        return new Restored(open, set, run, configuration);
    }

    /** Which of the images are run. */
    static final class Evaluated {

        @Option(names = "--limit", paramLabel = "N", description = "At most this many images (default: all).")
        private Integer limit;

        @Option(names = "--seed", paramLabel = "N", description = "Order of the images (default: the configuration's).")
        private Long seed;

        @Option(names = "--all", description = "Run the calibration images, too.")
        private boolean all;

        void check(CommandSpec spec) {
            Limits.check(spec, "--limit", limit);
        }

        EvaluationChoice of(Configuration configuration) {
            return new EvaluationChoice(!all, limit == null ? Integer.MAX_VALUE : limit,
                    seed == null ? configuration.selection().seed() : seed);
        }

        /** Compares, and notes the images that could not be. */
        Comparison compare(Session session, Restored restored, Console console) {
            Comparison comparison = session.compare(restored.run(), of(restored.configuration()), console.progress(),
                    Cancellation.NEVER);
            Folder.note(comparison.skipped(), console);
            return comparison;
        }
    }
}
