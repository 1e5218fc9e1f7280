package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import quantscope.compare.LayerSaturation;
import quantscope.compare.Saturation;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "saturation", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Forecasts for each int8 layer how many dot products would saturate on a CPU with AVX2 but without VNNI, "
                + "over the images that the configuration was calibrated on. calibrate --reduce mends a layer.")
final class SaturationCommand implements Callable<Integer> {

    @Mixin
    private CalibratedOptions calibrated;

    @Option(names = "--json", description = "Machine-readable output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    SaturationCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Session s = session.get();
        CalibratedOptions.Restored restored = calibrated.restore(s, console, spec);
        Saturation saturation = s.saturation(restored.run(), console.progress(), Cancellation.NEVER);
        if (json) {
            console.result(json(saturation));
        } else {
            print(saturation);
        }
        return ExitCode.OK.code();
    }

    private static ObjectNode json(Saturation saturation) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("profile", saturation.profile().id())
                .put("imageCount", saturation.images());
        ArrayNode layers = json.putArray("layers");
        for (LayerSaturation layer : saturation.layers()) {
            layers.addObject().put("name", layer.layer()).put("dotProducts", layer.dotProducts())
                    .put("saturating", layer.saturating()).put("moved", layer.moved())
                    .put("largestMove", layer.largestMove()).put("safe", layer.safe());
        }
        return json;
    }

    /** Three digits, also of what is rare. */
    private static String percent(double share) {
        return share == 0 ? "0%" : String.format(Locale.ROOT, "%.3g%%", 100 * share);
    }

    private void print(Saturation saturation) {
        if (!saturation.profile().saturates()) {
            console.result("%s multiplies in 16 bits; nothing can saturate", saturation.profile().id());
            return;
        }
        console.result("%d of %d int8 layers saturate on %s, over %d images:", saturation.saturating().size(),
                saturation.layers().size(), saturation.profile().id(), saturation.images());
        for (LayerSaturation l : saturation.layers()) {
            console.result("  %-24s %9s of the dot products, %9s of the outputs move, by at most %d of 255 levels%s",
                    l.layer(), percent(l.saturatingShare()), percent(l.movedShare()), l.largestMove(),
                    l.safe() ? " (cannot saturate)" : "");
        }
    }
}
