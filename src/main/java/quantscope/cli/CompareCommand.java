package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.compare.ImageComparison;
import quantscope.compare.LayerError;
import quantscope.compare.SignFlips;
import quantscope.dataset.ImageSet;
import quantscope.session.OpenModel;
import quantscope.session.Session;

@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs the fp32 and the converted model over a folder's images and shows what changes. Images that the "
                + "configuration was calibrated on are left out unless no others are there.")
final class CompareCommand implements Callable<Integer> {

    @Mixin
    private CalibratedOptions calibrated;

    @Mixin
    private CalibratedOptions.Evaluated evaluated;

    @ArgGroup(validate = false, heading = "Preprocessing (default: the configuration's):%n")
    private final PreprocessingOptions preprocessing = new PreprocessingOptions();

    @Option(names = "--json", description = "Machine-readable output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    CompareCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        evaluated.check(spec);
        Session s = session.get();
        CalibratedOptions.Restored restored = calibrated.restore(s, console, spec, preprocessing);
        Comparison comparison = evaluated.compare(s, restored, console);
        if (json) {
            console.result(json(restored.images(), comparison));
        } else {
            print(restored.open(), comparison);
        }
        return ExitCode.OK.code();
    }

    private static ObjectNode json(ImageSet set, Comparison comparison) {
        Drift drift = comparison.drift();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("imageCount", drift.imageCount())
                .put("top1Drift", drift.top1Drift());
        json.putArray("top1DriftCi95").add(drift.top1DriftCi95().low()).add(drift.top1DriftCi95().high());
        optional(json, "fp32Top1Accuracy", drift.fp32Top1());
        optional(json, "convertedTop1Accuracy", drift.convertedTop1());
        optional(json, "fp32Top5Accuracy", drift.fp32Top5());
        optional(json, "convertedTop5Accuracy", drift.convertedTop5());
        Folder.write(json.putArray("skipped"), set, comparison.skipped());
        ArrayNode layers = json.putArray("layers");
        for (LayerError layer : comparison.layers()) {
            ObjectNode item = layers.addObject().put("name", layer.layer());
            finite(item, "sqnrDb", layer.metrics().sqnrDb());
            item.put("cosine", layer.metrics().cosine()).put("mse", layer.metrics().mse())
                    .put("maxError", layer.metrics().maxError())
                    .put("kernel", comparison.kernels().getOrDefault(layer.layer(), ""));
        }
        ArrayNode flips = json.putArray("signFlips");
        comparison.signFlips().forEach(f -> flips.addObject().put("name", f.layer()).put("rate", f.rate()));
        ArrayNode images = json.putArray("images");
        for (ImageComparison image : drift.images()) {
            ObjectNode item = images.addObject().put("path", image.path()).put("fp32", image.fp32().top1())
                    .put("converted", image.converted().top1())
                    .put("fp32Probability", image.fp32().probabilities().getFirst())
                    .put("convertedProbability", image.converted().probabilities().getFirst());
            if (image.label().isPresent()) {
                item.put("label", image.label().getAsInt());
            } else {
                item.putNull("label");
            }
        }
        return json;
    }

    private static void optional(ObjectNode json, String field, OptionalDouble value) {
        if (value.isPresent()) {
            json.put(field, value.getAsDouble());
        } else {
            json.putNull(field);
        }
    }

    /** JSON has no infinity: null stands for "nothing differs". */
    private static void finite(ObjectNode json, String field, double value) {
        if (Double.isFinite(value)) {
            json.put(field, value);
        } else {
            json.putNull(field);
        }
    }

    private void print(OpenModel open, Comparison comparison) {
        Drift drift = comparison.drift();
        console.result("%d of %d images change their top-1 answer: %.2f%% (95%% confidence: %.2f%% to %.2f%%)",
                drift.drifted().size(), drift.imageCount(), 100 * drift.top1Drift(),
                100 * drift.top1DriftCi95().low(), 100 * drift.top1DriftCi95().high());
        if (drift.fp32Top1().isPresent()) {
            console.result("top-1 accuracy: fp32 %.2f%%, converted %.2f%%", 100 * drift.fp32Top1().getAsDouble(),
                    100 * drift.convertedTop1().orElseThrow());
        }
        for (ImageComparison image : drift.drifted()) {
            console.result("  %s: %s (%.1f%%) -> %s (%.1f%%)", image.path(), open.className(image.fp32().top1()),
                    100 * image.fp32().probabilities().getFirst(), open.className(image.converted().top1()),
                    100 * image.converted().probabilities().getFirst());
        }
        console.result("layer errors (SQNR in dB), and what multiplied:");
        comparison.layers().forEach(l -> console.result("  %-24s %8.2f  %s", l.layer(), l.metrics().sqnrDb(),
                comparison.kernels().getOrDefault(l.layer(), "")));
        for (SignFlips flips : comparison.signFlips()) {
            console.result("  %-24s %.3f%% of the signs at its input flip", flips.layer(), 100 * flips.rate());
        }
    }
}
