package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import quantscope.compare.ImageAgreement;
import quantscope.compare.Verification;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Exports a configuration as ONNX, runs the file in ONNX Runtime over a folder's images and compares each "
                + "answer with the one computed here. Needs a build with the Maven profile onnxruntime.")
final class VerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "The model that the configuration was made for.")
    private Path model;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "A calibrated configuration.")
    private Path config;

    @Option(names = "--images", paramLabel = "DIR", required = true,
            description = "A folder of images, with a sub-folder per class or without.")
    private Path images;

    @Option(names = ProfileOption.NAME, paramLabel = "BACKEND",
            description = "Whose arithmetic is compared (default: the configuration's); onnxruntime or onnxruntime-avx2 is "
                    + "what the exported model runs with.")
    private String profile;

    @Option(names = "--limit", paramLabel = "N", description = "At most this many images (default: all).")
    private Integer limit;

    @Option(names = "--all", description = "Run the calibration images, too.")
    private boolean all;

    @Option(names = Fit.OTHER_MODEL, description = Fit.OTHER_MODEL_HELP)
    private boolean otherModel;

    @Option(names = "--json", description = "Machine-readable output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    VerifyCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Limits.check(spec, "--limit", limit);
        Session s = session.get();
        Configuration loaded = ConfigurationJson.load(config);
        Configuration configuration = ProfileOption.of(profile, spec).map(loaded::withProfile).orElse(loaded);
        OpenModel open = s.open(model, console.progress(), Cancellation.NEVER);
        ImageSet set = Folder.open(s, images, console);
        CalibrationRun run = Fit.restore(s, console, open, config, configuration, otherModel, set,
                configuration.preprocessing());
        EvaluationChoice choice = new EvaluationChoice(!all, limit == null ? Integer.MAX_VALUE : limit,
                configuration.selection().seed());
        try {
            Verification verification = s.verify(run, choice, console.progress(), Cancellation.NEVER);
            if (json) {
                console.result(json(verification));
            } else {
                print(open, verification);
            }
        } catch (IOException e) {
            throw new OutputException(e);
        }
        return ExitCode.OK.code();
    }

    private static ObjectNode json(Verification verification) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("runtime", verification.runtime())
                .put("profile", verification.profile().id()).put("imageCount", verification.images().size())
                .put("agreeing", verification.agreeing()).put("largestDifference", verification.largestDifference());
        ArrayNode images = json.putArray("images");
        for (ImageAgreement image : verification.images()) {
            images.addObject().put("path", image.path()).put("here", image.here()).put("there", image.there())
                    .put("largestDifference", image.largestDifference());
        }
        return json;
    }

    private void print(OpenModel open, Verification verification) {
        console.result("%d of %d images have the same answer in %s as here (%s); outputs differ by %s at most",
                verification.agreeing(), verification.images().size(), verification.runtime(), verification.profile().id(),
                (float) verification.largestDifference());
        for (ImageAgreement image : verification.images()) {
            if (!image.agrees()) {
                console.result("  %s: here %s, there %s", image.path(), open.className(image.here()),
                        open.className(image.there()));
            }
        }
    }
}
