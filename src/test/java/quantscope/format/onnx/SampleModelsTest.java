package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import quantscope.format.Model;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.SourceLine;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.Shape;

class SampleModelsTest {

    private static Model read(String name) throws Exception {
        return new OnnxReader().read(Path.of("sample-models", name), Progress.NONE, Cancellation.NEVER);
    }

    private static List<String> names(Model model) {
        return model.graph().layers().stream().map(Node::name).toList();
    }

    @Test
    void binarizedAlexNetHasSevenBinaryLayers() throws Exception {
        Model model = read("alexnet-xnor.onnx");
        List<String> binary = model.graph().nodes().stream()
                .filter(n -> n.op() instanceof Op.BinaryConv2d || n.op() instanceof Op.BinaryLinear)
                .map(Node::name).toList();
        assertEquals(List.of("conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"), binary);
        assertTrue(model.graph().node("conv1").op() instanceof Op.Conv2d);
        assertTrue(model.graph().nodes().stream().noneMatch(n -> n.op() instanceof Op.Sign));
        assertTrue(names(model).containsAll(List.of("bn1", "relu1", "pool1", "bn8", "relu7", "pool5")));
        assertEquals(Shape.of(1, 10), model.graph().node("fc8").requireShape());
    }

    @Test
    void metadataFormatAndDigestAreKept() throws Exception {
        Model model = read("alexnet.onnx");
        assertTrue(model.metadata().get("class_names").contains("umbrella"));
        assertTrue(model.metadata().get("preprocessing").contains("\"resize\""));
        assertTrue(model.format().matches("ONNX opset \\d+, made by pytorch .+"), model.format());
        assertTrue(model.sha256().matches("[0-9a-f]{64}"));
        assertTrue(names(model).containsAll(List.of("conv1", "bn1", "relu1", "pool1", "conv5", "fc6", "fc7", "fc8")),
                names(model).toString());
        assertTrue(model.graph().unsupported().isEmpty());
    }

    @Test
    void residualBranchesAreAddedInTheirModules() throws Exception {
        Model model = read("residual.onnx");
        assertTrue(names(model).containsAll(List.of("layer1.conv1", "layer1.bn2", "layer1.relu2", "layer1.add",
                "layer2.downsample.0", "layer4.add", "avgpool", "flatten", "fc")), names(model).toString());
        Node add = model.graph().node("layer2.add");
        assertEquals(List.of("layer2.bn2", "layer2.downsample.1"), add.inputs());
        assertTrue(add.origin().functional());
    }

    @Test
    void modulesClassesAndSourceLinesAreFound() throws Exception {
        Model model = read("residual.onnx");
        Node relu = model.graph().node("layer1.relu1");
        ModuleUse module = relu.origin().module().orElseThrow();
        assertArrayEquals(new Object[] {"layer1.relu1", "ReLU", 0},
                new Object[] {module.path(), module.simpleClassName(), module.use()});
        assertFalse(relu.origin().functional());
        SourceLine line = relu.origin().source().orElseThrow();
        assertEquals("models.py", line.file());
        assertTrue(line.text().contains("self.relu1("), line.toString());
    }
}
