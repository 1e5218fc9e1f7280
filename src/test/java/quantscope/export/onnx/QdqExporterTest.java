package quantscope.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.export.Configuration;
import quantscope.export.Exportable;
import quantscope.format.Model;
import quantscope.format.onnx.OnnxReader;
import quantscope.graph.Graph;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Nets;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class QdqExporterTest {

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());
    private final ImageRunner runner = new ParallelImageRunner(1);
    private final List<FloatTensor> images = images();

    @TempDir
    Path folder;

    private static List<FloatTensor> images() {
        Nets random = new Nets("images", 5, Shape.of(1, 3, 8, 8));
        List<FloatTensor> images = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            images.add(random.tensor(Shape.of(1, 3, 8, 8)));
        }
        return images;
    }

    private Path export(Graph graph, Specification specification) throws IOException {
        Prepared prepared = Prepare.run(graph, specification);
        Calibration calibration = new Calibrate(engine, runner).run(prepared, ImageRunner.ImageInputs.of(images),
                images.size(), 4, Progress.NONE, Cancellation.NEVER);
        Configuration configuration = new Configuration("net.pt2", "made by a test", "0".repeat(64), specification,
                Preprocessing.imageNet(3, 8, 8), "", ImageSelection.DEFAULT, List.of(), List.of(),
                calibration.activations(), Map.of());
        Path file = folder.resolve("net.onnx");
        assertEquals(List.of(file), new QdqExporter("test").export(new Exportable(configuration, prepared, calibration,
                List.of("apple", "car \"2\""), java.util.Optional.empty()), file));
        return file;
    }

    private List<float[]> answers(Graph graph) {
        List<float[]> answers = new ArrayList<>();
        String output = graph.outputs().getFirst();
        runner.run(engine.compile(graph), ImageRunner.ImageInputs.of(images), images.size(), Set.of(output),
                result -> answers.add(((Value.Fp32) result.taps().get(output)).tensor().data()), Progress.NONE,
                Cancellation.NEVER);
        return answers;
    }

    /** Times that an operator stands in a file: its name as a protobuf text, with its length before it. */
    private static int count(Path file, String operator) throws IOException {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        String wanted = "\"" + (char) operator.length() + operator;
        return bytes.split(java.util.regex.Pattern.quote(wanted), -1).length - 1;
    }

    @Test
    void fp32AndBinaryLayersComputeTheSameWhenTheFileIsOpenedAgain() throws Exception {
        for (Graph graph : List.of(Nets.xnor(), Nets.quantizable(), Nets.notQuantizable())) {
            Model again = new OnnxReader().read(export(graph, Specification.EMPTY), Progress.NONE, Cancellation.NEVER);
            List<float[]> before = answers(graph);
            List<float[]> after = answers(again.graph());
            for (int i = 0; i < before.size(); i++) {
                assertArrayEquals(before.get(i), after.get(i), 1e-5f, graph.name());
            }
            assertTrue(again.metadata().get("class_names").contains("car \\\"2\\\""));
            assertTrue(again.metadata().get("preprocessing").contains("\"crop\":[8,8]"));
        }
    }

    @Test
    void oneRegionHasOneQuantizeForItsInputAndOneForEachLayer() throws Exception {
        Path file = export(Nets.xnor(), Nets.int8("conv1"));
        assertEquals(2, count(file, "QuantizeLinear"));
        // The input, the output, weight and bias.
        assertEquals(4, count(file, "DequantizeLinear"));
    }

    @Test
    void whatFp32LayersAreIsNotQuantized() throws Exception {
        assertEquals(0, count(export(Nets.quantizable(), Specification.EMPTY), "QuantizeLinear"));
    }

    @Test
    void poolsThatOnnxDoesNotHaveAreProductsWithMatrices() throws Exception {
        Nets nets = Nets.image("adaptive");
        Graph graph = nets.then("conv", nets.conv(3, 4, 3)).then("pool", new quantscope.graph.Op.AdaptiveAvgPool2d(3, 5)).build();
        assertEquals(2, count(export(graph, Specification.EMPTY), "MatMul"));
    }

    @Test
    void fp32LayersBehindInt8OnesAreKeptFromOnnxRuntimesOwnQuantization() throws Exception {
        Nets nets = Nets.image("sandwich");
        Graph graph = nets.then("conv1", nets.conv(3, 4, 3)).then("pool", nets.pool()).then("conv2", nets.conv(4, 4, 3))
                .then("conv3", nets.conv(4, 4, 3)).build();
        assertEquals(1, count(export(graph, Nets.int8("conv1", "conv3")), "Max"));
        assertEquals(0, count(export(graph, Nets.int8("conv2", "conv3")), "Max"));
    }
}
