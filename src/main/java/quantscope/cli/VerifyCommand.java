package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import quantscope.compare.ImageAgreement;
import quantscope.compare.Verification;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Exports a configuration as ONNX, runs the file in ONNX Runtime over a folder's images and compares each "
                + "answer with the one computed here. Needs a build with the Maven profile onnxruntime.")
final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private CalibratedOptions calibrated;

    @Mixin
    private CalibratedOptions.Evaluated evaluated;

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
        evaluated.check(spec);
        Session s = session.get();
        CalibratedOptions.Restored restored = calibrated.restore(s, console, spec);
        try {
            Verification verification = s.verify(restored.run(), evaluated.of(restored.configuration()), console.progress(), Cancellation.NEVER);
            if (json) {
                console.result(json(verification));
            } else {
                print(restored.open(), verification);
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
