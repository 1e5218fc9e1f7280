package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.ValueType;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.Tap;
import quantscope.run.Worker;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Reads models that onnxruntime.quantization made (golden/onnx-quantized) and runs them against ONNX Runtime's answers. */
@Tag("golden")
class QuantizedModelsTest {

    private static Path folder() throws URISyntaxException {
        return Path.of(QuantizedModelsTest.class.getResource("/golden/onnx-quantized/make_models.py").toURI()).getParent();
    }

    static List<String> cases() throws IOException, URISyntaxException {
        try (Stream<Path> entries = Files.list(folder())) {
            return entries.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private static Graph read(String name) throws Exception {
        return new OnnxReader().read(folder().resolve(name).resolve("model.onnx"), Progress.NONE, Cancellation.NEVER).graph();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void layersAreInt8WhereOnnxRuntimeRunsThemSo(String name) throws Exception {
        String actual = String.join("\n", read(name).nodes().stream().map(QuantizedModelsTest::line).toList());
        assertEquals(Files.readString(folder().resolve(name).resolve("graph.txt")).strip(), actual);
    }

    private static String line(Node node) {
        return node.name() + " " + node.op().kind() + " " + switch (node.type()) {
            case ValueType.Float32 _ -> "fp32";
            case ValueType.Int8 t -> t.params().dtype().toString().toLowerCase(java.util.Locale.ROOT) + " zero point "
                    + t.params().zeroPoint();
        };
    }

    /** Levels are the same; sums of fp32 layers are added in another order. */
    @ParameterizedTest
    @MethodSource("cases")
    void answersEqualOnnxRuntimes(String name) throws Exception {
        Graph graph = read(name);
        for (Kernels kernels : List.of(new ScalarKernels(), KernelProvider.choose())) {
            float[] input = floats(folder().resolve(name).resolve("input.bin"));
            float[] expected = floats(folder().resolve(name).resolve("output.bin"));
            Shape shape = graph.inputs().getFirst().requireShape();
            Worker worker = new GraphEngine(kernels).compile(graph).newWorker();
            int each = shape.size();
            int outputs = expected.length / (input.length / each);
            assertTrue(input.length / each > 8 && outputs == 10);
            for (int image = 0; image < input.length / each; image++) {
                FloatTensor answer = worker.run(new FloatTensor(shape, Arrays.copyOfRange(input, image * each, (image + 1) * each)),
                        Tap.NONE);
                assertArrayEquals(name, Arrays.copyOfRange(expected, image * outputs, (image + 1) * outputs), answer.data(),
                        kernels.description() + ", image " + image);
            }
        }
    }

    private static void assertArrayEquals(String name, float[] expected, float[] actual, String message) {
        float largest = 0;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        float tolerance = name.startsWith("dynamic") || name.equals("qdq-partly") ? 1e-5f * largest : 0;
        org.junit.jupiter.api.Assertions.assertArrayEquals(expected, actual, tolerance, message);
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
