package quantscope.export.pytorch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import quantscope.export.AtomicFile;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.quant.Profile;

/**
 * Writes a qconfig_mapping for PyTorch's FX graph mode as JSON, and a Python file that quantizes a user's own model by
 * it, with pinned scales and zero points.
 */
public final class FxExporter implements Exporter {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final String version;

    /** @param version of the program, for the file's head */
    public FxExporter(String version) {
        this.version = version;
    }

    @Override
    public String id() {
        return "pytorch-fx";
    }

    @Override
    public String title() {
        return "PyTorch FX";
    }

    @Override
    public boolean computesAs(Profile profile) {
        return !profile.onnxRuntime();
    }

    @Override
    public String extension() {
        return ".py";
    }

    @Override
    public String suffix() {
        return "int8_fx";
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        Path choices = file.resolveSibling(Python.stem(file) + ".json");
        if (choices.getFileName().equals(file.getFileName())) {
            throw new IOException(file + ": ends in .json, where the choices go; name the Python file .py");
        }
        Profile profile = exportable.configuration().specification().profile();
        FxLayers layers = new FxLayers(exportable.prepared());
        ObjectNode json = FxChoices.write(exportable, layers, Backend.engine(profile));
        String code = fill(exportable, layers, file, choices.getFileName().toString());
        AtomicFile.write(choices, MAPPER.writeValueAsBytes(json));
        AtomicFile.write(file, code.getBytes(StandardCharsets.UTF_8));
        return List.of(file, choices);
    }

    private String fill(Exportable exportable, FxLayers layers, Path file, String choices) {
        Map<String, String> values = new HashMap<>(Head.values(exportable, version));
        values.putAll(Map.of(
                "PINNED", Template.pinned("observers.ObserverBase"),
                "WHOSE", layers.ofUsersModel() ? " with the module paths of that file"
                        : ": that file keeps no modules,\nso the names are those of build_float() in the Python file for"
                        + " eager mode",
                "MODULE", Python.docText(Python.stem(file)),
                "CHOICES_FILE", Python.docText(choices)));
        return Template.fill("pytorch_fx.py", values);
    }
}
