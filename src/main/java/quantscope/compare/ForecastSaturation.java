package quantscope.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.quant.Profile;
import quantscope.quant.QuantizedTensor;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.run.SaturationProbe;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * Says for each int8 layer how many dot products would saturate on a CPU without VNNI. The network itself runs exactly, so
 * that each layer is judged by itself.
 */
public final class ForecastSaturation {

    private final Engine engine;
    private final ImageRunner runner;

    public ForecastSaturation(Engine engine, ImageRunner runner) {
        this.engine = engine;
        this.runner = runner;
    }

    /**
     * @param converted with the arithmetic of {@code profile}'s exact twin
     * @param profile   as the user chose it
     * @param inputs    image i, [1,C,H,W]; called from several threads
     */
    public Saturation run(Graph converted, Profile profile, ImageRunner.ImageInputs inputs, int count, Progress progress,
                          Cancellation cancellation) {
        Profile risky = profile.withoutVnni();
        if (!risky.saturates()) {
            return new Saturation(risky, count, List.of());
        }
        Map<String, SaturationProbe> probes = new LinkedHashMap<>();
        for (Node node : converted.nodes()) {
            if (node.op() instanceof Op.QuantizedConv2d || node.op() instanceof Op.QuantizedLinear) {
                SaturationProbe.of(converted, node, risky).ifPresent(p -> probes.put(node.name(), p));
            }
        }
        Set<String> taps = new LinkedHashSet<>();
        probes.keySet().forEach(layer -> taps.add(converted.node(layer).input()));
        if (!probes.isEmpty()) {
            runner.run(engine.compile(converted), inputs, count, taps, result -> probes.forEach((layer, probe) -> {
                cancellation.check();
                probe.add(levels(result.taps().get(converted.node(layer).input())));
            }), (done, total, what) -> progress.update(done, total, "Forecasting"), cancellation);
        }
        List<LayerSaturation> layers = new ArrayList<>();
        probes.forEach((layer, p) -> layers.add(new LayerSaturation(layer, p.dotProducts(), p.saturating(), p.moved(),
                p.largestMove(), p.safe())));
        return new Saturation(risky, count, layers);
    }

    private static QuantizedTensor levels(Value value) {
        return switch (value) {
            case Value.Int8 i -> i.tensor();
            case Value.Fp32 _ -> throw new IllegalStateException("an int8 layer reads fp32");
        };
    }
}
