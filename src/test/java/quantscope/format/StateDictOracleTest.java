package quantscope.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.Tap;
import quantscope.tensor.FloatTensor;

/**
 * Full-size networks with random weights, saved by PyTorch: the answers are PyTorch's, and the layers have the names that
 * torch.export gives them. Runs where QUANTSCOPE_PYTHON names a Python that has PyTorch and safetensors.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with PyTorch, named by QUANTSCOPE_PYTHON")
class StateDictOracleTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"alexnet", "vgg16", "resnet18", "resnet50", "xnor-alexnet"})
    void fullSizeNetworksGivePyTorchsAnswers(String net) throws Exception {
        python("full", net);
        Graph graph = StateDictFiles.open(weights()).graph();
        for (Node node : graph.nodes()) {
            switch (node.op()) {
                case Op.BinaryConv2d b -> sameBinaryWeights(node.name(), b.weight());
                case Op.BinaryLinear b -> sameBinaryWeights(node.name(), b.weight());
                default -> { }
            }
        }
        int side = graph.inputs().getFirst().requireShape().dim(3);
        float[] expected = floats(folder.resolve("answer.bin"));
        float[] actual = new GraphEngine(KernelProvider.choose()).compile(graph).newWorker()
                .run(StateDictFiles.image(side), Tap.NONE).data();
        assertEquals(1000, actual.length);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(difference < 1e-4 * largest, net + ": " + difference + " of " + largest);
    }

    /** The same signs, and magnitudes up to the last bits, in which PyTorch's fp32 sums depend on the CPU. */
    private void sameBinaryWeights(String layer, FloatTensor weight) throws IOException {
        float[] expected = floats(folder.resolve(layer + ".bin"));
        assertEquals(expected.length, weight.data().length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], weight.data()[i], 1e-6f * Math.abs(expected[i]), layer + " element " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alexnet", "vgg16", "resnet18", "resnet50", "xnor-alexnet"})
    void layersAreTheOnesThatAnExportOfTheNetworkHas(String net) throws Exception {
        python("export", net);
        List<String> exported = layers(StateDictFiles.open(folder.resolve("net.pt2")).graph());
        assertTrue(exported.size() > 20, exported.toString());
        assertEquals(exported, layers(StateDictFiles.open(weights()).graph()));
    }

    /** All that the user sees and eager mode stumbles over. */
    private static List<String> layers(Graph graph) {
        List<String> lines = new ArrayList<>();
        for (Node node : graph.layers()) {
            String module = node.origin().module().map(m -> m.path() + "@" + m.use()
                    + (node.origin().functional() ? "" : " " + m.className())).orElse("none");
            lines.add(node.name() + " " + node.op().kind() + " "
                    + node.inputs().stream().filter(i -> graph.layers().contains(graph.node(i))).toList() + " " + module
                    + (node.origin().functional() ? " functional" : "") + (node.origin().inPlace() ? " in place" : ""));
        }
        return lines;
    }

    private Path weights() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith("weights")).findFirst().orElseThrow();
        }
    }

    private void python(String what, String net) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), "src/test/python/make_state_dicts.py", what,
                net, folder.toString()).redirectErrorStream(true).redirectOutput(errors.toFile()).start();
        int exit = process.waitFor();
        assertEquals(0, exit, Files.readString(errors));
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
