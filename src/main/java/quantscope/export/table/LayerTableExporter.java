package quantscope.export.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import quantscope.export.AtomicFile;
import quantscope.export.Exportable;
import quantscope.export.Exporter;

/** Writes a table with a row for each layer, as CSV; errors are in it where a comparison was run. */
public final class LayerTableExporter implements Exporter {

    @Override
    public String id() {
        return "csv";
    }

    @Override
    public String title() {
        return "Layer table";
    }

    @Override
    public String extension() {
        return ".csv";
    }

    @Override
    public String suffix() {
        return "int8-layers";
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        LayerCells cells = new LayerCells(exportable);
        List<List<String>> rows = new ArrayList<>();
        rows.add(cells.heads());
        exportable.prepared().source().layers().forEach(layer -> rows.add(cells.row(layer)));
        AtomicFile.write(file, Csv.write(rows).getBytes(StandardCharsets.UTF_8));
        return List.of(file);
    }
}
