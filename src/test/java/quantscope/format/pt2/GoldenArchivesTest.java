package quantscope.format.pt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.format.Model;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Reads the archives of golden/pt2 (see make_models.py there) and runs them against PyTorch's answers. */
@Tag("golden")
class GoldenArchivesTest {

    static Path file(String name, String part) throws Exception {
        return Path.of(GoldenArchivesTest.class.getResource("/golden/pt2/" + name + "/" + part).toURI());
    }

    static Model read(String name) throws Exception {
        return new Pt2Reader().read(file(name, "model.pt2"), Progress.NONE, Cancellation.NEVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-quantizable", "quantizable", "binarized", "breadth", "breadth-decomposed",
        "global-mean", "fixed-batch", "response-norm", "no-grad", "padded", "chunked",
        "op-activations", "op-activations-core", "op-elementwise", "op-elementwise-core", "op-pooling", "op-pooling-core",
        "op-normalization", "op-normalization-core", "op-shapes", "op-shapes-core", "op-resized", "op-resized-core",
        "op-reductions", "op-reductions-core", "op-convolutions", "op-convolutions-core",
        "older-2.1", "older-2.2", "older-2.4", "older-2.7", "older-2.8",
        "quantized", "quantized-full",
        "net-resnet", "net-resnet-core", "net-densenet", "net-densenet-core", "net-inception", "net-inception-core",
        "net-squeezenet", "net-squeezenet-core", "net-shufflenet", "net-shufflenet-core", "net-mobilenetv2",
        "net-mobilenetv2-core", "net-mobilenetv3", "net-mobilenetv3-core", "net-efficientnet", "net-efficientnet-core",
        "net-convnext", "net-convnext-core", "net-unet", "net-unet-core"})
    void answersEqualPyTorchs(String name) throws Exception {
        Graph graph = read(name).graph();
        assertEquals(List.of(), graph.unsupported().stream().map(n -> n.name() + " " + n.op()).toList());
        FloatTensor image = new FloatTensor(Shape.of(1, 3, 12, 12), floats(file(name, "input.bin")));
        float[] expected = floats(file(name, "output.bin"));
        float[] actual = new GraphEngine(new ScalarKernels()).compile(graph).newWorker().run(image, Tap.NONE).data();
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 3e-6f * Math.max(1, Math.abs(expected[i])), "element " + i);
        }
    }

    @Test
    void notQuantizableKeepsWhatEagerModeStumblesOver() throws Exception {
        Graph graph = read("not-quantizable").graph();
        assertEquals(List.of("conv1", "bn1", "relu", "conv2", "bn2", "add", "relu@1"), names(graph));
        Node first = graph.node("relu");
        assertTrue(first.origin().inPlace());
        assertFalse(first.origin().functional());
        assertEquals("torch.nn.modules.activation.ReLU", first.origin().module().orElseThrow().className());
        assertEquals("out = self.relu(out)", first.origin().source().orElseThrow().text());
        assertEquals("models.py", first.origin().source().orElseThrow().file());
        assertEquals(1, graph.node("relu@1").origin().module().orElseThrow().use());
        Node add = graph.node("add");
        assertTrue(add.origin().functional());
        assertFalse(add.origin().inPlace());
        assertEquals("out = out + identity", add.origin().source().orElseThrow().text());
        assertEquals(List.of("bn2", "relu"), add.inputs());
    }

    @Test
    void quantizableAddsThroughFloatFunctional() throws Exception {
        Graph graph = read("quantizable").graph();
        assertEquals(List.of("conv1", "bn1", "relu1", "conv2", "bn2", "skip_add", "relu2"), names(graph));
        assertFalse(graph.node("skip_add").origin().functional());
        assertEquals("FloatFunctional", graph.node("skip_add").origin().module().orElseThrow().simpleClassName());
        assertTrue(graph.layers().stream().noneMatch(n -> n.origin().inPlace()));
    }

    @Test
    void binarizationWrittenInForwardIsFolded() throws Exception {
        Graph graph = read("binarized").graph();
        assertEquals(List.of("conv1", "relu", "bn2", "conv2", "flatten", "bn3", "fc3"), names(graph));
        assertTrue(graph.node("conv2").op() instanceof Op.BinaryConv2d);
        assertTrue(graph.node("fc3").op() instanceof Op.BinaryLinear);
        assertTrue(graph.node("relu").origin().functional(), "F.relu in forward is no module");
    }

    @Test
    void modulePathsNameTheLayers() throws Exception {
        List<String> names = names(read("breadth").graph());
        assertTrue(names.containsAll(List.of("features.0", "features.1", "features.5", "gate", "avgpool", "mul", "add",
                "sub", "div", "cat", "adaptive", "view", "classifier.0", "classifier.3", "log_softmax")), names.toString());
    }

    @Test
    void unsupportedOperatorsAreNamedAndTheRestIsShown() throws Exception {
        Model model = read("unsupported");
        List<Node> unsupported = model.graph().unsupported();
        assertEquals(1, unsupported.size());
        assertEquals("sums", unsupported.getFirst().name());
        assertEquals("torch.ops.aten.cumsum.default", unsupported.getFirst().op().kind());
        assertEquals(Shape.of(1, 4, 10, 10), unsupported.getFirst().requireShape());
        assertEquals(List.of("conv", "sums", "conv2"), names(model.graph()));
        assertTrue(model.notes().getFirst().matches(
                "torch.ops.aten.cumsum.default \\(cumsum\\) in sums, models.py:\\d+ is not supported; .*"),
                model.notes().getFirst());
    }

    @Test
    void whatIsWrittenThroughAViewIsRefusedNotComputedWrongly() throws Exception {
        Graph graph = read("views-in-place").graph();
        assertEquals(List.of("conv", "view", "relu", "fc", "add"), names(graph));
        assertEquals(List.of("fc"), graph.unsupported().stream().map(Node::name).toList());
        assertTrue(read("views-in-place").notes().getFirst().contains("a view of a value that"));
    }

    @Test
    void operatorsWithSeveralResultsAreShownWithWhatReadsThem() throws Exception {
        Graph graph = read("sorted").graph();
        assertEquals(List.of("conv", "sort", "sort_1", "add", "conv2"), names(graph));
        assertEquals(List.of("sort", "sort_1"), graph.unsupported().stream().map(Node::name).toList());
        assertEquals(List.of("sort", "sort_1"), graph.node("add").inputs());
        assertEquals(Shape.of(1, 3, 8, 8), graph.node("conv2").requireShape());
    }

    @Test
    void partsThatAreTakenApartAreLayersEach() throws Exception {
        assertEquals(List.of("conv", "chunk", "chunk_1", "add", "conv2", "flatten", "max", "clamp", "cat", "fc"),
                names(read("chunked").graph()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"older-2.1", "older-2.2", "older-2.4", "older-2.7", "older-2.8"})
    void modulePathsOfOlderExportsNameTheLayers(String name) throws Exception {
        Model model = read(name);
        assertTrue(names(model.graph()).containsAll(List.of("features.0", "features.1", "features.2", "features.3", "conv2",
                "bn2", "relu2", "fc")), names(model.graph()).toString());
        assertEquals("torch.nn.modules.conv.Conv2d",
                model.graph().node("features.0").origin().module().orElseThrow().className());
        assertEquals("[\"a\", \"b\"]", model.metadata().get("class_names"));
        String writer = switch (name) {
            case "older-2.1" -> "schema 1";
            case "older-2.2" -> "schema 2";
            case "older-2.4" -> "schema 5";
            default -> "PyTorch 2.7.1+cpu";
        };
        assertTrue(model.format().endsWith(", " + writer), model.format());
    }

    @Test
    void aNormalizationWhoseInsideIsReadElsewhereIsNotFolded() throws Exception {
        Graph graph = read("shared-norm").graph();
        assertTrue(graph.layers().stream().noneMatch(n -> n.op() instanceof Op.LocalResponseNorm));
        assertEquals(List.of("div", "mul"), graph.node("add_1").inputs());
    }

    @Test
    void quantizedNetworksShowTheirScales() throws Exception {
        Graph graph = read("quantized").graph();
        List<QuantParams.PerTensor> params = graph.layers().stream().map(Node::op).filter(Op.QuantStub.class::isInstance)
                .map(op -> ((Op.QuantStub) op).params().orElseThrow()).toList();
        assertEquals(7, params.size());
        assertEquals(new QuantParams.PerTensor(QuantDtype.QUINT8, 0.049871381372213364f, 70), params.getFirst());
        assertEquals(7, graph.layers().stream().filter(n -> n.op() instanceof Op.DeQuantStub).count());
        float[] weight = ((Op.Conv2d) graph.node("conv2").op()).weight().data();
        float step = smallestStep(weight, 36);
        for (int i = 0; i < 36; i++) {
            assertEquals(Math.rint(weight[i] / step), weight[i] / step, 1e-3, "the first channel's weights are levels");
        }
    }

    /** Of the first channel: what its weights are multiples of. */
    private static float smallestStep(float[] weight, int count) {
        float step = Float.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < i; k++) {
                float difference = Math.abs(weight[i] - weight[k]);
                step = difference > 1e-6f ? Math.min(step, difference) : step;
            }
        }
        return step;
    }

    @Test
    void paddingAroundAnImageBecomesTheConvolutions() throws Exception {
        Graph graph = read("padded").graph();
        assertEquals(List.of("conv", "conv2", "flatten"), names(graph));
    }

    @Test
    void extraFilesAndVersionAreKept() throws Exception {
        Model model = read("quantizable");
        assertEquals("[\"a\", \"b\"]", model.metadata().get("class_names"));
        assertTrue(model.format().startsWith("PyTorch export archive (.pt2), PyTorch 2.13"), model.format());
    }

    private static List<String> names(Graph graph) {
        return graph.layers().stream().map(Node::name).toList();
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
