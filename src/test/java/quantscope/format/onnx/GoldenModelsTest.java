package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.format.Model;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Reads the models of golden/onnx (see make_models.py there) and runs them against ONNX Runtime's answers. */
@Tag("golden")
class GoldenModelsTest {

    static Path folder() throws URISyntaxException {
        return Path.of(GoldenModelsTest.class.getResource("/golden/onnx/make_models.py").toURI()).getParent();
    }

    static List<String> cases() throws IOException, URISyntaxException {
        try (Stream<Path> entries = Files.list(folder())) {
            return entries.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    static List<String> runnableCases() throws IOException, URISyntaxException {
        Path folder = folder();
        return cases().stream().filter(c -> Files.exists(folder.resolve(c).resolve("output.bin"))).toList();
    }

    private static Model read(String name) throws Exception {
        return new OnnxReader().read(folder().resolve(name).resolve("model.onnx"), Progress.NONE, Cancellation.NEVER);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void layersAreAsTheModelHasThem(String name) throws Exception {
        List<String> expected = Files.readAllLines(folder().resolve(name).resolve("graph.txt"));
        Graph graph = read(name).graph();
        List<String> actual = graph.nodes().stream().map(GoldenModelsTest::line).toList();
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private static String line(Node node) {
        return node.name() + " " + node.op().kind() + " " + node.shape().map(Shape::toString).orElse("?");
    }

    @ParameterizedTest
    @MethodSource("runnableCases")
    void answersEqualOnnxRuntimes(String name) throws Exception {
        Graph graph = read(name).graph();
        float[] input = floats(folder().resolve(name).resolve("input.bin"));
        float[] expected = floats(folder().resolve(name).resolve("output.bin"));
        FloatTensor output = new GraphEngine(new ScalarKernels()).compile(graph).newWorker()
                .run(new FloatTensor(graph.inputs().getFirst().requireShape(), input), Tap.NONE);
        assertEquals(expected.length, output.data().length);
        float largest = 0;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertTrue(largest > 0, "the fixture's answer is all zeros");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], output.data()[i], 2e-6f * largest, "element " + i);
        }
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
