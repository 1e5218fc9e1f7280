package quantscope.export.onnx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import quantscope.export.AtomicFile;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.export.PreprocessingJson;
import quantscope.graph.Graph;
import quantscope.ptq.Convert;
import quantscope.quant.Profile;

/**
 * Writes the chosen configuration as an ONNX model for ONNX Runtime: int8 regions with QuantizeLinear and
 * DequantizeLinear, fp32 and binary layers as they are. Preprocessing and class names go along as metadata.
 */
public final class QdqExporter implements Exporter {

    private static final int IR_VERSION = 8;
    /** What one protobuf message can hold, less room for the graph itself. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - (16L << 20);

    private final String version;

    /** @param version of this program, for the file's producer */
    public QdqExporter(String version) {
        this.version = version;
    }

    @Override
    public String id() {
        return "onnx";
    }

    @Override
    public String title() {
        return "ONNX (QDQ)";
    }

    @Override
    public boolean computesAs(Profile profile) {
        return profile.onnxRuntime();
    }

    @Override
    public String extension() {
        return ".onnx";
    }

    @Override
    public List<Path> export(Exportable exportable, Path file) throws IOException {
        Graph converted = Convert.run(exportable.prepared(), exportable.calibration());
        OnnxGraph graph = QdqWriter.write(converted);
        if (graph.weightBytes() > MOST_BYTES) {
            throw new IOException(file + " would have " + graph.weightBytes() + " bytes of weights; one ONNX file holds "
                    + MOST_BYTES + ". Choose int8 for more layers");
        }
        OnnxMessage model = new OnnxMessage().integer(1, IR_VERSION).text(2, "Quantscope").text(3, version)
                .message(7, graph.named(converted.name()))
                .message(8, new OnnxMessage().text(1, "").integer(2, FloatOperators.OPSET))
                .message(14, property("preprocessing",
                        PreprocessingJson.write(exportable.configuration().preprocessing()).toString()))
                .message(14, property("made_for", exportable.configuration().specification().profile().id()))
                .message(14, property("source_sha256", exportable.configuration().modelSha256()));
        if (!exportable.classNames().isEmpty()) {
            ArrayNode names = JsonNodeFactory.instance.arrayNode();
            exportable.classNames().forEach(names::add);
            model.message(14, property("class_names", names.toString()));
        }
        AtomicFile.write(file, model::writeTo);
        return List.of(file);
    }

    private static OnnxMessage property(String key, String value) {
        return new OnnxMessage().text(1, key).text(2, value);
    }
}
