package quantscope.export.pytorch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.export.AtomicFile;
import quantscope.export.Configuration;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.quant.Profile;

/** Writes the converted network's state as safetensors; load_int8 of the Python file for eager mode reads it. */
public final class SafetensorsExporter implements Exporter {

    private static final String LAYOUT = "LAYER.weight is int8 where LAYER.weight_scale is there: its real value is"
            + " (weight - weight_zero_point) * weight_scale, by output channel where there are as many scales."
            + " LAYER.scale and LAYER.zero_point belong to the layer's quint8 output; layers named quant_* are QuantStubs."
            + " BatchNorms that were fused are folded into weight and bias. All other tensors are fp32 as in the model;"
            + " those of binary layers are signs, alpha and bias.";

    private final String version;

    /** @param version of this program, for the file's metadata */
    public SafetensorsExporter(String version) {
        this.version = version;
    }

    @Override
    public String id() {
        return "safetensors";
    }

    @Override
    public String title() {
        return "safetensors";
    }

    @Override
    public boolean computesAs(Profile profile) {
        return !profile.onnxRuntime();
    }

    @Override
    public String extension() {
        return ".safetensors";
    }

    @Override
    public Optional<String> outline(Path written) throws IOException {
        return Optional.of(Safetensors.outline(written));
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        Configuration configuration = exportable.configuration();
        ConvertedState state = new ConvertedState(exportable);
        ObjectNode modules = JsonNodeFactory.instance.objectNode();
        state.modules().forEach(modules::put);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.put("producer", "Quantscope " + version);
        metadata.put("layout", LAYOUT);
        metadata.put("made_for", configuration.specification().profile().id());
        metadata.put("source", configuration.modelFile());
        metadata.put("source_sha256", configuration.modelSha256());
        metadata.put("modules", modules.toString());
        AtomicFile.write(file, out -> Safetensors.write(state.tensors(), metadata, out));
        return List.of(file);
    }
}
