package quantscope.app.drift;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;

/** Tables as comma-separated text (RFC 4180, lines end with LF), numbers with full precision. */
final class DriftCsv {

    private static final List<String> LAYERS =
            List.of("layer", "SQNR dB", "cosine", "MSE", "max error", "sign flip rate", "kernel");
    private static final List<String> IMAGES = List.of("path", "label", "fp32", "fp32 probability", "converted",
            "converted probability", "outcome");

    private DriftCsv() { }

    static String layers(List<LayerErrorRow> rows) {
        return text(LAYERS, rows.stream().map(r -> List.of(r.layer(), Double.toString(r.metrics().sqnrDb()),
                Double.toString(r.metrics().cosine()), Double.toString(r.metrics().mse()),
                Double.toString(r.metrics().maxError()),
                r.signFlips().isPresent() ? Double.toString(r.signFlips().getAsDouble()) : "", r.kernel())));
    }

    /** @param className of a class index */
    static String images(List<ImageComparison> images, IntFunction<String> className) {
        return text(IMAGES, images.stream().map(i -> List.of(i.path(),
                i.label().isPresent() ? className.apply(i.label().getAsInt()) : "",
                className.apply(i.fp32().top1()), Float.toString(i.fp32().probabilities().getFirst()),
                className.apply(i.converted().top1()), Float.toString(i.converted().probabilities().getFirst()),
                Outcome.of(i).name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))));
    }

    private static String text(List<String> head, Stream<List<String>> rows) {
        return Stream.concat(Stream.of(head), rows)
                .map(cells -> cells.stream().map(DriftCsv::quoted).collect(Collectors.joining(",")))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String quoted(String cell) {
        return cell.matches("(?s).*[,\"\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }
}
