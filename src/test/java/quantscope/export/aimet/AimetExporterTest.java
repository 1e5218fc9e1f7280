package quantscope.export.aimet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.export.Exportable;
import quantscope.export.SampleExport;
import quantscope.graph.Graph;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

class AimetExporterTest {

    @TempDir
    Path folder;

    private JsonNode export(Exportable exportable, AimetExporter.Form form) throws IOException {
        Path file = folder.resolve("net.encodings");
        new AimetExporter(form).export(exportable, file);
        return new ObjectMapper().readTree(file.toFile());
    }

    @Test
    void anActivationUsesAllLevelsAndItsOffsetIsMinusTheZeroPoint() {
        Encoding encoding = Encoding.ofActivation(new QuantParams.PerTensor(QuantDtype.QUINT8, 0.5f, 10),
                ObserverSpec.HISTOGRAM_REDUCED);
        assertEquals(8, encoding.bitwidth());
        assertArrayEquals(new int[] {-10}, encoding.offsets());
        assertEquals(-5, encoding.min(0));
        assertEquals(122.5, encoding.max(0));
        assertFalse(encoding.symmetric());
    }

    @Test
    void aWeightIsCountedFromItsLowestPlannedLevel() {
        QuantParams.PerChannel params = new QuantParams.PerChannel(QuantDtype.QINT8, new float[] {1, 0.25f},
                new int[] {0, 0}, 0);
        Encoding whole = Encoding.ofWeight(params, ObserverSpec.PER_CHANNEL_WEIGHT);
        assertEquals(8, whole.bitwidth());
        assertArrayEquals(new int[] {-128, -128}, whole.offsets());
        assertEquals(-32, whole.min(1));
        assertEquals(31.75, whole.max(1));
        ObserverSpec spec = ObserverSpec.PER_CHANNEL_WEIGHT;
        Encoding reduced = Encoding.ofWeight(params,
                new ObserverSpec(spec.kind(), spec.dtype(), spec.scheme(), true));
        assertEquals(7, reduced.bitwidth());
        assertArrayEquals(new int[] {-64, -64}, reduced.offsets());
        assertEquals(-64, reduced.min(0));
        assertEquals(63, reduced.max(0));
    }

    @Test
    void version061IsByModuleWhereTheModelHasModules() throws Exception {
        Exportable exportable = SampleExport.of("alexnet.pt2", true, "conv1", "fc7");
        JsonNode json = export(exportable, AimetExporter.Form.V0_6_1);
        assertEquals("0.6.1", json.get("version").textValue());
        JsonNode input = json.at("/activation_encodings/conv1/input/0");
        var stub = exportable.calibration().activations().get("quant_conv1").params();
        assertEquals(stub.scale(), input.get("scale").doubleValue());
        assertEquals(-stub.zeroPoint(), input.get("offset").intValue());
        assertEquals("False", input.get("is_symmetric").textValue());
        // A fused group is observed behind its last layer.
        assertEquals(exportable.calibration().activations().get("conv1").params().scale(),
                json.at("/activation_encodings/relu1/output/0/scale").doubleValue());
        assertEquals(48, json.at("/param_encodings/conv1.weight").size());
        assertEquals("True", json.at("/param_encodings/conv1.weight/0/is_symmetric").textValue());
        assertTrue(json.get("excluded_layers").toString().contains("\"conv2\""));
        assertFalse(json.get("excluded_layers").toString().contains("\"conv1\""));
        assertEquals("post_training_tf", json.at("/quantizer_args/quant_scheme").textValue());
    }

    @Test
    void withoutModulesItIsByTensor() throws Exception {
        Graph graph = SampleExport.withoutModules(SampleExport.graph("alexnet.onnx"));
        JsonNode json = export(SampleExport.of(graph, "net.onnx", SampleExport.ticked(graph, true, "conv1"),
                Optional.empty()), AimetExporter.Form.V0_6_1);
        assertEquals(1, json.at("/activation_encodings/x").size());
        assertEquals(8, json.at("/activation_encodings/relu1/0/bitwidth").intValue());
    }

    @Test
    void version100HasListsWithNames() throws Exception {
        Exportable exportable = SampleExport.of("residual.pt2", SampleExport.ticked(SampleExport.graph("residual.pt2"), true,
                "conv1", "layer1.add").withDefaultQConfig(quantscope.quant.QConfig.QNNPACK), Optional.empty());
        JsonNode json = export(exportable, AimetExporter.Form.V1_0_0);
        JsonNode conv = json.at("/param_encodings/0");
        assertEquals("conv1.weight", conv.get("name").textValue());
        assertEquals("PER_TENSOR", conv.get("enc_type").textValue());
        assertEquals("[-128]", conv.get("offset").toString());
        assertEquals("INT", json.at("/activation_encodings/0/dtype").textValue());
        assertEquals(exportable.prepared().observers().size(), json.get("activation_encodings").size());
        JsonNode perChannel = export(SampleExport.of("alexnet.pt2", true, "fc7"), AimetExporter.Form.V1_0_0);
        assertEquals("PER_CHANNEL", perChannel.at("/param_encodings/0/enc_type").textValue());
        assertEquals(384, perChannel.at("/param_encodings/0/scale").size());
    }
}
