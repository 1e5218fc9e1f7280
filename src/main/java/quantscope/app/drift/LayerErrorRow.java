package quantscope.app.drift;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import quantscope.compare.Comparison;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.SignFlips;

/**
 * A layer's error.
 *
 * @param signFlips share of flipped signs at its input where it is binary
 * @param kernel    what multiplied; empty for a layer that does not
 */
record LayerErrorRow(String layer, ErrorMetrics metrics, OptionalDouble signFlips, String kernel) {

    /** In running order. */
    static List<LayerErrorRow> of(Comparison comparison) {
        Map<String, Double> flips = new HashMap<>();
        for (SignFlips f : comparison.signFlips()) {
            flips.put(f.layer(), f.rate());
        }
        return comparison.layers().stream().map(e -> new LayerErrorRow(e.layer(), e.metrics(),
                flips.containsKey(e.layer()) ? OptionalDouble.of(flips.get(e.layer())) : OptionalDouble.empty(),
                comparison.kernels().getOrDefault(e.layer(), "")))
                .toList();
    }

    /** Share of a bar: 0 dB and less is empty, 60 dB (ten bits) and more is full. */
    double quality() {
        return Double.isNaN(metrics.sqnrDb()) ? 0 : Math.clamp(metrics.sqnrDb() / 60, 0, 1);
    }
}
