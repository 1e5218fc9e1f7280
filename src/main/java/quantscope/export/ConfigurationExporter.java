package quantscope.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the configuration itself, which opens again here. */
public final class ConfigurationExporter implements Exporter {

    @Override
    public String id() {
        return "json";
    }

    @Override
    public String title() {
        return "Configuration";
    }

    @Override
    public String extension() {
        return ".json";
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        ConfigurationJson.save(exportable.configuration(), file);
        return List.of(file);
    }
}
