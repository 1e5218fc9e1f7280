package quantscope.app.layers;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The layer table as text: tab-separated for the clipboard, comma-separated (RFC 4180) for files. */
final class TableText {

    private static final List<String> HEAD = List.of("layer", "kind", "output shape", "parameters", "MACs",
            "precision", "fused into", "SQNR dB", "obstacles");

    private TableText() { }

    static String tabs(List<LayerRow> rows) {
        return join(rows, "\t", cell -> cell);
    }

    static String csv(List<LayerRow> rows) {
        return join(rows, ",", cell -> cell.contains(",") || cell.contains("\"")
                ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
    }

    private static String join(List<LayerRow> rows, String separator, java.util.function.UnaryOperator<String> quote) {
        return Stream.concat(Stream.of(HEAD), rows.stream().map(TableText::cells))
                .map(cells -> cells.stream().map(quote).collect(Collectors.joining(separator)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static List<String> cells(LayerRow row) {
        return List.of(row.name(), row.kind(), row.shape(), Long.toString(row.cost().parameters()),
                Long.toString(row.cost().macs()), row.precision().label(), row.fusedInto().orElse(""),
                row.sqnr().map(db -> String.format(Locale.ROOT, "%.3f", db)).orElse(""),
                Integer.toString(row.obstacles()));
    }
}
