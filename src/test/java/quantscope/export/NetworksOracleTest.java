package quantscope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.export.SmallNetExports.Choice;
import quantscope.format.pt2.Pt2Reader;
import quantscope.graph.ExtractUpTo;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * Networks with the blocks of well-known ones, and of every operator, exported with a few choices and run under PyTorch and ONNX
 * Runtime, which answer as the engine does. Runs where QUANTSCOPE_PYTHON names a Python that has both.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with PyTorch and ONNX Runtime, named by QUANTSCOPE_PYTHON")
class NetworksOracleTest {

    private static final Path MODELS = Path.of("src/test/resources/golden/pt2");
    private static final List<String> NETWORKS = List.of("resnet", "densenet", "inception", "squeezenet", "shufflenet", "mobilenetv2",
            "mobilenetv3", "efficientnet", "convnext", "unet");
    private static final List<String> OPERATORS = List.of("activations", "elementwise", "pooling", "normalization", "shapes",
            "resized", "reductions", "convolutions");

    @TempDir
    static Path folder;

    private static JsonNode found;

    static Stream<Arguments> networks() {
        return NETWORKS.stream().map(n -> "net-" + n).flatMap(n -> Stream.of(n, n + "-core"))
                .flatMap(n -> Stream.of(Choice.values()).map(c -> Arguments.of(n, c)));
    }

    static Stream<Arguments> operators() {
        return OPERATORS.stream().map(o -> "op-" + o).flatMap(n -> Stream.of(n, n + "-core"))
                .map(n -> Arguments.of(n, Choice.NOTHING));
    }

    static Stream<Arguments> all() {
        return Stream.of(networks(), operators(), Stream.of(Arguments.of("rare", Choice.NOTHING), Arguments.of("quantized",
                Choice.NOTHING), Arguments.of("quantized-full", Choice.NOTHING))).flatMap(s -> s);
    }

    @BeforeAll
    static void export() throws Exception {
        SmallNetExports exports = new SmallNetExports(folder);
        for (Arguments row : all().toList()) {
            String model = (String) row.get()[0];
            exports.add(name(model, (Choice) row.get()[1]), read(model), (Choice) row.get()[1]);
        }
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), "src/test/python/check_nets.py", folder.toString())
                .redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), Files.readString(errors));
        found = new ObjectMapper().readTree(out);
    }

    /** The last ReLU of the squeezenet makes zeros of everything. */
    private static Graph read(String model) throws Exception {
        if (model.equals("rare")) {
            return RareOperators.graph();
        }
        Graph graph = new Pt2Reader().read(MODELS.resolve(model).resolve("model.pt2"), Progress.NONE, Cancellation.NEVER).graph();
        return model.contains("squeezenet") ? ExtractUpTo.run(graph, graph.layers().stream().filter(n -> n.op() instanceof Op.Relu)
                .toList().getLast().inputs()) : graph;
    }

    private static String name(String model, Choice choice) {
        return model + "-" + choice.name().toLowerCase(java.util.Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("all")
    void pyTorchAnswersAsTheEngine(String model, Choice choice) {
        assertSame(found.get(name(model, choice)).get("torch"), choice);
    }

    @ParameterizedTest
    @MethodSource("all")
    void onnxRuntimeAnswersAsTheEngine(String model, Choice choice) {
        assertSame(found.get(name(model, choice)).get("onnx"), choice);
    }

    /** Behind fp32 layers, whose sums the frameworks add in another order, a value may fall to the other level. */
    private static void assertSame(JsonNode result, Choice choice) {
        assertFalse(result.has("error"), () -> result.get("error").textValue());
        assertTrue(result.get("range").doubleValue() > 1e-3, "the answers say nothing: " + result);
        assertTrue(result.get("others").intValue() == 0, result.toString());
    }
}
