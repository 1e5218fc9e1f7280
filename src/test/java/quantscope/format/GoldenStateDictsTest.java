package quantscope.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Graph;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.tensor.Shape;

/** State dicts in every form that PyTorch, safetensors and NumPy wrote give PyTorch's answers. */
@Tag("golden")
class GoldenStateDictsTest {

    static Stream<Arguments> answers() throws Exception {
        return new ObjectMapper().readTree(StateDictFiles.FOLDER.resolve("answers.json").toFile()).properties().stream()
                .map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersEqualPyTorchs(String fixture, JsonNode expected) throws Exception {
        Graph graph = StateDictFiles.open(fixture).graph();
        int side = graph.inputs().getFirst().requireShape().dim(3);
        float[] actual = new GraphEngine(new ScalarKernels()).compile(graph).newWorker()
                .run(StateDictFiles.image(side), Tap.NONE).data();
        assertEquals(expected.size(), actual.length);
        double largest = 0;
        for (JsonNode value : expected) {
            largest = Math.max(largest, Math.abs(value.doubleValue()));
        }
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected.get(i).doubleValue(), actual[i], 2e-5 * largest, "logit " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alexnet.pth, 'PyTorch checkpoint, torchvision AlexNet'",
        "alexnet-legacy.pth, 'PyTorch checkpoint of the form before 1.6, torchvision AlexNet'",
        "vgg11-prefixed.pth, 'PyTorch checkpoint, torchvision VGG-11'",
        "vgg13-bn-legacy.pth, 'PyTorch checkpoint of the form before 1.6, torchvision VGG-13 with batch norm'",
        "resnet18.pth, 'PyTorch checkpoint, torchvision ResNet-18'",
        "resnet50.safetensors, 'safetensors, torchvision ResNet-50'",
        "resnext50.npz, 'NumPy archive (.npz), torchvision ResNet-50'",
        "xnor-alexnet.pth.tar, 'PyTorch checkpoint of the form before 1.6, XNOR-Net-PyTorch AlexNet'"})
    void theArchitectureIsFound(String fixture, String format) throws Exception {
        assertEquals(format, StateDictFiles.open(fixture).format());
    }

    @Test
    void layersAreNamedByTheirModules() throws Exception {
        assertEquals(List.of("features.0", "features.1", "features.2", "features.3", "features.4", "features.5",
                "features.6", "features.7", "features.8", "features.9", "features.10", "features.11", "features.12",
                "avgpool", "flatten", "classifier.0", "classifier.1", "classifier.2", "classifier.3", "classifier.4",
                "classifier.5", "classifier.6"), names(StateDictFiles.open("alexnet-training.pth.tar")));
        assertTrue(names(StateDictFiles.open("resnet18.pth")).containsAll(List.of("conv1", "bn1", "relu", "maxpool",
                "layer1.0.conv1", "layer1.0.relu", "layer1.0.add", "layer1.0.relu@1", "layer2.0.downsample.0", "fc")));
    }

    @Test
    void whatEagerModeStumblesOverIsKnown() throws Exception {
        Graph graph = StateDictFiles.open("resnet18.pth").graph();
        Node add = graph.node("layer1.0.add");
        assertTrue(add.origin().functional() && add.origin().inPlace());
        assertEquals(List.of("layer1.0.bn2", "maxpool"), add.inputs());
        Node second = graph.node("layer1.0.relu@1");
        assertEquals(new ModuleUse("layer1.0.relu", "torch.nn.modules.activation.ReLU", 1),
                second.origin().module().orElseThrow());
        assertTrue(second.origin().inPlace());
        assertFalse(graph.node("fc").origin().inPlace());
    }

    @Test
    void latentWeightsBecomeBinaryLayers() throws Exception {
        Model model = StateDictFiles.open("xnor-alexnet.pth.tar");
        List<String> binary = model.graph().nodes().stream()
                .filter(n -> n.op() instanceof Op.BinaryConv2d || n.op() instanceof Op.BinaryLinear).map(Node::name).toList();
        assertEquals(List.of("features.4.conv", "features.6.conv", "features.7.conv", "features.8.conv",
                "classifier.0.linear", "classifier.1.linear"), binary);
        assertEquals(Shape.of(1, 3, 227, 227), model.graph().inputs().getFirst().requireShape());
        assertTrue(model.metadata().get("preprocessing").contains("[227, 227]"));
        assertTrue(model.notes().getFirst().contains("mean-centred"), model.notes().toString());
        assertTrue(model.notes().stream().anyMatch(n -> n.contains("\"module\"")), model.notes().toString());
    }

    @Test
    void weightsThatAreZeroOnceCentredStayZero() throws Exception {
        Model model = StateDictFiles.open("xnor-zeros.npz");
        assertTrue(model.graph().node("features.6.conv").op() instanceof Op.Conv2d);
        assertTrue(model.graph().node("features.6.sign").op() instanceof Op.Sign);
        assertTrue(model.graph().node("features.7.conv").op() instanceof Op.BinaryConv2d);
        assertTrue(model.notes().stream().anyMatch(n -> n.startsWith("features.6.conv: 6 weights are 0")),
                model.notes().toString());
    }

    @Test
    void textsOfSafetensorsAreKept() throws Exception {
        assertEquals("[\"a\", \"b\", \"c\", \"d\", \"e\"]",
                StateDictFiles.open("alexnet.safetensors").metadata().get("class_names"));
    }

    @Test
    void otherWidthsAreSaid() throws Exception {
        assertTrue(StateDictFiles.open("alexnet.pth").notes().getFirst().contains("not as wide as in torchvision AlexNet"));
    }

    @Test
    void tensorsUnderTwoNamesAreReadOnce() throws Exception {
        Graph graph = StateDictFiles.open("alexnet-views.pth").graph();
        assertTrue(((Op.Linear) graph.node("classifier.1").op()).bias().orElseThrow()
                == ((Op.Linear) graph.node("classifier.4").op()).bias().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"alexnet.pth, weights.pt2", "alexnet-legacy.pth, weights", "alexnet.safetensors, weights.bin",
        "alexnet.npz, weights.zip", "alexnet.pth, weights.safetensor"})
    void theContentDecidesNotTheName(String fixture, String name, @TempDir Path folder) throws Exception {
        Path file = Files.copy(StateDictFiles.FOLDER.resolve(fixture), folder.resolve(name));
        assertEquals(22, StateDictFiles.open(file).graph().layers().size());
    }

    @Test
    void whatFitsNoArchitectureIsToldWhatDiffers() {
        String message = assertThrows(ModelFormatException.class,
                () -> StateDictFiles.open("resnet-for-small-images.pth")).getMessage();
        for (String part : List.of("resnet-for-small-images.pth: fits no architecture", "nearest is torchvision ResNet-18",
                "missing keys: layer4.0.conv1.weight", "and 22 more", "conv1.weight is [3,3,3,3], expected [3,C,7,7]",
                "XNOR-Net-PyTorch's AlexNet", "torch.export.save")) {
            assertTrue(message.contains(part), part + " is not in: " + message);
        }
    }

    private static List<String> names(Model model) {
        return model.graph().layers().stream().map(Node::name).toList();
    }
}
