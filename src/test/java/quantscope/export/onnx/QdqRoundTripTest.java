package quantscope.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.format.onnx.OnnxReader;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.Profile;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.run.Worker;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** What is written as QDQ is read as the same int8 layers, which give the same numbers. */
class QdqRoundTripTest {

    @ParameterizedTest
    @ValueSource(strings = {"qoperator-u8s8", "qoperator-s8s8", "qoperator-u8u8", "qdq-matmul"})
    void aQuantizedNetworkComesBackAsItWas(String name, @TempDir Path folder) throws Exception {
        Graph graph = read(Path.of("src/test/resources/golden/onnx-quantized", name, "model.onnx"));
        OnnxMessage model = new OnnxMessage().integer(1, 8).message(7, QdqWriter.write(graph).named("net"))
                .message(8, new OnnxMessage().text(1, "").integer(2, FloatOperators.OPSET));
        Path file = folder.resolve("again.onnx");
        try (OutputStream out = Files.newOutputStream(file)) {
            model.writeTo(out);
        }
        Graph again = read(file);
        assertEquals(Profile.ONNXRUNTIME, again.profile());
        assertEquals(int8(graph), int8(again));
        assertTrue(int8(graph) > 1);
        Random random = new Random(3);
        Worker before = new GraphEngine(new ScalarKernels()).compile(graph).newWorker();
        Worker after = new GraphEngine(new ScalarKernels()).compile(again).newWorker();
        for (int i = 0; i < 5; i++) {
            float[] image = new float[graph.inputs().getFirst().requireShape().size()];
            for (int k = 0; k < image.length; k++) {
                image[k] = (float) random.nextGaussian();
            }
            FloatTensor x = new FloatTensor(graph.inputs().getFirst().requireShape(), image);
            assertArrayEquals(before.run(x, Tap.NONE).data(), after.run(x, Tap.NONE).data());
        }
    }

    private static Graph read(Path file) throws Exception {
        return new OnnxReader().read(file, Progress.NONE, Cancellation.NEVER).graph();
    }

    private static long int8(Graph graph) {
        return graph.nodes().stream().filter(n -> n.op() instanceof Op.QuantizedConv2d || n.op() instanceof Op.QuantizedLinear
                || n.op() instanceof Op.QuantizedAdd || n.op() instanceof Op.QuantizedGlobalAvgPool2d).count();
    }
}
