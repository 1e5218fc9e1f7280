package quantscope.app.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import quantscope.figure.Formats;
import quantscope.ptq.Calibration;
import quantscope.quant.QuantParams;

/**
 * A quantized tensor of a calibration.
 *
 * @param channels  1 where one scale serves the whole tensor
 * @param scale     smallest and largest over the channels where there are several
 * @param zeroPoint likewise
 * @param range     what its observer saw; empty for weights
 */
record ScaleRow(String node, Kind kind, String type, int channels, String scale, String zeroPoint, String range) {

    /** What is quantized. */
    enum Kind { OUTPUT, WEIGHT }

    /** Activations in running order, each layer's weight after its output. */
    static List<ScaleRow> of(Calibration calibration) {
        List<ScaleRow> rows = new ArrayList<>();
        calibration.activations().forEach((node, a) -> {
            rows.add(row(node, Kind.OUTPUT, a.params(),
                    Formats.number(a.observedMin()) + " … " + Formats.number(a.observedMax())));
            if (calibration.weights().containsKey(node)) {
                rows.add(row(node, Kind.WEIGHT, calibration.weights().get(node).params(), ""));
            }
        });
        return List.copyOf(rows);
    }

    private static ScaleRow row(String node, Kind kind, QuantParams params, String range) {
        int channels = switch (params) {
            case QuantParams.PerTensor _ -> 1;
            case QuantParams.PerChannel p -> p.channels();
        };
        double low = IntStream.range(0, channels).mapToDouble(params::scale).min().orElseThrow();
        double high = IntStream.range(0, channels).mapToDouble(params::scale).max().orElseThrow();
        int lowest = IntStream.range(0, channels).map(params::zeroPoint).min().orElseThrow();
        int highest = IntStream.range(0, channels).map(params::zeroPoint).max().orElseThrow();
        return new ScaleRow(node, kind, params.dtype().name().toLowerCase(Locale.ROOT), channels,
                span(scale(low), scale(high)),
                span(Integer.toString(lowest), Integer.toString(highest)), range);
    }

    /** Three significant digits. */
    private static String scale(double scale) {
        return scale >= 0.001 && scale < 1000 ? String.format(Locale.ROOT, "%.3g", scale)
                : String.format(Locale.ROOT, "%.2e", scale);
    }

    private static String span(String low, String high) {
        return low.equals(high) ? low : low + " … " + high;
    }
}
