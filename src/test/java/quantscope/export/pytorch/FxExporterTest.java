package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.export.Exportable;
import quantscope.export.SampleExport;
import quantscope.graph.Graph;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.run.UnsupportedOperatorException;

/** What the written choices say; that FX graph mode does it is PyTorchOracleTest's. */
class FxExporterTest {

    @TempDir
    Path folder;

    private JsonNode export(Exportable exportable) throws IOException {
        Path file = folder.resolve("net_fx.py");
        Path choices = folder.resolve("net_fx.json");
        assertEquals(List.of(file, choices), new FxExporter("test").export(exportable, file));
        String code = Files.readString(file);
        assertTrue(code.contains("import net_fx") && code.contains("with_name(\"net_fx.json\")"), code);
        assertTrue(code.lines().allMatch(line -> line.length() <= 120), "a line is too long");
        return new ObjectMapper().readTree(choices.toFile());
    }

    private static List<String> firsts(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(item.get(0).textValue()));
        return names;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.textValue()));
        return texts;
    }

    @Test
    void onlyTheChosenLayersHaveAQConfigAndTheOthersStandApart() throws Exception {
        JsonNode json = export(SampleExport.of("alexnet.pt2", true, "conv2", "fc7"));
        JsonNode mapping = json.get("qconfig_mapping");
        assertTrue(mapping.get("").isNull());
        assertEquals(List.of("conv2", "bn2", "relu2", "fc7", "relu7"), firsts(mapping.get("module_name")));
        assertEquals(0, mapping.get("module_name_object_type_order").size());
        JsonNode qconfig = mapping.get("module_name").get(0).get(1);
        assertEquals("HistogramObserver", qconfig.at("/activation/observer").textValue());
        assertTrue(qconfig.at("/activation/reduce_range").booleanValue());
        assertEquals("per_channel_symmetric", qconfig.at("/weight/qscheme").textValue());
        List<String> behind = texts(json.at("/apart/behind"));
        assertTrue(behind.containsAll(List.of("conv1", "bn1", "conv3", "fc6")), behind.toString());
        assertTrue(!behind.contains("conv2") && !behind.contains("fc7"), behind.toString());
        assertEquals("fbgemm", json.get("engine").textValue());
        assertEquals(96, json.at("/weights/conv2/1").size());
    }

    @Test
    void additionsAreFoundByTheModuleThatAddsAndByTheirOrder() throws Exception {
        Exportable exportable = SampleExport.of("residual.pt2", true, "layer2.conv2", "layer2.add", "layer3.add");
        JsonNode json = export(exportable);
        List<String> functions = new ArrayList<>();
        json.at("/qconfig_mapping/module_name_object_type_order").forEach(e -> functions.add(
                e.get(0).textValue() + " " + e.get(1).textValue() + " " + e.get(2)));
        assertEquals(List.of("layer2 operator.add 0", "layer2 torch.add 0", "layer3 operator.add 0", "layer3 torch.add 0"),
                functions);
        List<String> places = new ArrayList<>();
        json.get("activations").forEach(a -> places.add(a.get(0).toString()));
        assertTrue(places.containsAll(List.of("[\"add\",1]", "[\"add\",2]", "[\"module\",\"layer2.conv2\",0]")),
                places.toString());
        assertEquals(exportable.calibration().activations().size(), places.size());
    }

    @Test
    void aModuleUsedTwiceIsToldApartByUse() throws Exception {
        JsonNode json = export(SampleExport.of("not-quantizable.pt2", false, "block1.add", "conv2"));
        List<String> places = new ArrayList<>();
        json.get("activations").forEach(a -> places.add(a.get(0).toString()));
        assertTrue(places.contains("[\"module\",\"block1.bn2\",0]"), places.toString());
        assertTrue(texts(json.at("/apart/before")).contains("block1.relu"), json.get("apart").toString());
    }

    @Test
    void aFileWithoutModulesHasTheNamesOfTheEagerNetwork() throws Exception {
        Graph graph = SampleExport.withoutModules(SampleExport.graph("residual.onnx"));
        JsonNode json = export(SampleExport.of(graph, "net.onnx", SampleExport.ticked(graph, true, "layer1.conv1",
                "layer1.add"), Optional.empty()));
        assertEquals(List.of("layer1_conv1", "layer1_bn1", "layer1_relu1"),
                firsts(json.at("/qconfig_mapping/module_name")));
        // The ReLU is part of the FloatFunctional's add_relu.
        assertEquals("torch.nn.functional.relu",
                json.at("/qconfig_mapping/module_name_object_type_order/2/1").textValue());
        assertTrue(Files.readString(folder.resolve("net_fx.py")).contains("build_float()"));
    }

    @Test
    void whatNoQConfigCanSayIsRefusedByName() throws Exception {
        Graph xnor = SampleExport.graph("alexnet-xnor.pt2");
        Exportable unbinarized = SampleExport.of("alexnet-xnor.pt2", SampleExport.ticked(xnor, false, "conv3"),
                Optional.empty());
        UnsupportedOperatorException refused =
                assertThrows(UnsupportedOperatorException.class, () -> export(unbinarized));
        assertTrue(refused.getMessage().startsWith("conv3: is binary in the model and was chosen as int8"),
                refused.getMessage());
        Graph alexnet = SampleExport.graph("alexnet.pt2");
        Specification binary = Ticks.tick(alexnet, SampleExport.ticked(alexnet, false, "conv1"), "fc6", Precision.BINARY)
                .specification();
        Exportable binarized = SampleExport.of("alexnet.pt2", binary, Optional.empty());
        assertTrue(assertThrows(UnsupportedOperatorException.class, () -> export(binarized)).getMessage()
                .startsWith("fc6: is not binary in the model"));
    }

    @Test
    void aPythonFileThatWouldBeItsOwnChoicesIsRefused() throws Exception {
        Exportable exportable = SampleExport.of("alexnet.onnx", true, "conv1");
        IOException refused = assertThrows(IOException.class,
                () -> new FxExporter("test").export(exportable, folder.resolve("net.json")));
        assertTrue(refused.getMessage().contains("name the Python file .py"), refused.getMessage());
    }
}
