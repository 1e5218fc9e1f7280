package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.cli.CommandLineApp;
import quantscope.export.pytorch.Sweep;
import quantscope.session.Session;

/**
 * Exports networks as ONNX, runs the files in ONNX Runtime and compares the answer for every sample image. Runs where
 * QUANTSCOPE_PYTHON names a Python that has onnx, onnxruntime, NumPy and Pillow, on a CPU with AVX512-VNNI.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with ONNX Runtime, named by QUANTSCOPE_PYTHON")
class OnnxOracleTest {

    private static final Path MODELS = Path.of("sample-models");
    private static final String IMAGES = "sample-models/images";

    private static Session session;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        session = Composition.session();
    }

    static Stream<Arguments> rows() {
        return Sweep.rows().filter(row -> !row.get()[1].toString().contains("--profile"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void exportedNetworksGiveTheSameAnswersInOnnxRuntime(String model, String choices) throws Exception {
        String file = MODELS.resolve(model).toString();
        String config = folder.resolve("config.json").toString();
        Path onnx = folder.resolve("net.onnx");
        run(Stream.concat(Stream.of("calibrate", file, "--images", IMAGES, "--limit", "60", "--out", config, "--profile",
                "onnxruntime"), Stream.of(choices.split(" "))).toArray(String[]::new));
        Path comparison = Files.writeString(folder.resolve("comparison.json"),
                run("compare", file, "--images", IMAGES, "--config", config, "--all", "--json"));
        run("export", file, "--config", config, "--to", "onnx", "--out", onnx.toString());
        JsonNode found = python(onnx.toString(), comparison.toString(), IMAGES);
        assertEquals(300, found.get("images").asInt());
        assertEquals("[]", found.get("otherAnswers").toString());
        // Behind fp32 layers, whose sums ONNX Runtime adds in another order, a value may fall to the other level.
        JsonNode operators = found.get("operators");
        boolean int8Alone = Stream.of("Conv", "FusedConv", "Gemm", "FusedGemm", "BatchNormalization")
                .noneMatch(operators::has);
        assertTrue(found.get("largestDifference").asDouble() < (int8Alone ? 2e-6 : 2e-2), found.toString());
        assertTrue(operators.path("QuantizeLinear").asInt() > 0, found.toString());
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = CommandLineApp.run(arguments, () -> session, new PrintWriter(out), new PrintWriter(err));
        assertEquals(0, exit, () -> String.join(" ", arguments) + ": " + err);
        return out.toString();
    }

    private JsonNode python(String... arguments) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(Stream.concat(Stream.of(System.getenv("QUANTSCOPE_PYTHON"),
                "src/test/python/check_onnx.py"), Stream.of(arguments)).toList()).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> {
            try {
                return Files.readString(errors);
            } catch (IOException e) {
                return e.toString();
            }
        });
        return new ObjectMapper().readTree(out);
    }
}
