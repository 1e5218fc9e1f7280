package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the ONNX project's backend node tests for convolution, pooling, normalization, element-wise, shape and quantization
 * operators, and prints how many passed, were refused and failed. Runs where QUANTSCOPE_PYTHON names a Python that has onnx.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with onnx, named by QUANTSCOPE_PYTHON")
class ConformanceOracleTest {

    /** Fewer would be a step back; with onnx 1.23. */
    private static final int PASSED = 673;

    @Test
    void noNodeTestGivesAnotherResult(@TempDir Path folder) throws Exception {
        make(folder);
        Map<String, Map<ConformanceCase.Outcome, Integer>> groups = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> unsupported = new TreeMap<>();
        List<String> failed = new ArrayList<>();
        DoubleBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("numbers.bin"))).order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer();
        for (JsonNode json : new ObjectMapper().readTree(folder.resolve("cases.json").toFile())) {
            ConformanceCase one = new ConformanceCase(folder, numbers, json);
            ConformanceCase.Result result = one.run();
            count(groups, one.group(), result.outcome());
            count(groups, "all", result.outcome());
            switch (result.outcome()) {
                case PASSED -> { }
                case UNSUPPORTED -> unsupported.computeIfAbsent(one.operator(), o -> new TreeMap<>())
                        .merge(result.reason(), 1, Integer::sum);
                case FAILED -> failed.add(one.name() + ": " + result.reason());
            }
        }
        String report = report(groups, unsupported, failed);
        System.out.println(report);
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("onnx-conformance.txt"), report);
        assertEquals(List.of(), failed);
        int passed = groups.get("all").get(ConformanceCase.Outcome.PASSED);
        assertTrue(passed >= PASSED, passed + " passed, before it were " + PASSED);
    }

    private static void count(Map<String, Map<ConformanceCase.Outcome, Integer>> groups, String group,
                              ConformanceCase.Outcome outcome) {
        groups.computeIfAbsent(group, g -> new EnumMap<>(ConformanceCase.Outcome.class)).merge(outcome, 1, Integer::sum);
    }

    private static String report(Map<String, Map<ConformanceCase.Outcome, Integer>> groups,
                                 Map<String, Map<String, Integer>> unsupported, List<String> failed) {
        StringBuilder text = new StringBuilder("ONNX backend node tests: passed, unsupported, failed\n");
        groups.forEach((group, counts) -> text.append("  %-14s %4d %4d %4d%n".formatted(group,
                counts.getOrDefault(ConformanceCase.Outcome.PASSED, 0),
                counts.getOrDefault(ConformanceCase.Outcome.UNSUPPORTED, 0),
                counts.getOrDefault(ConformanceCase.Outcome.FAILED, 0))));
        unsupported.forEach((operator, reasons) -> {
            text.append(operator).append(" is not supported\n");
            reasons.forEach((reason, times) -> text.append("  %3d  %s%n".formatted(times, reason)));
        });
        failed.forEach(f -> text.append("FAILED ").append(f).append('\n'));
        return text.toString();
    }

    private static void make(Path folder) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), "src/test/python/onnx_node_cases.py",
                folder.toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(errors));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
