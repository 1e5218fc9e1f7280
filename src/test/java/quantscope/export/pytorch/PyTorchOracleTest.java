package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Exports networks, runs the files under PyTorch and compares: every int8 layer's levels on 20 sample images, and the
 * answer for every sample image. Runs where QUANTSCOPE_PYTHON names a Python that has PyTorch, NumPy and Pillow.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with PyTorch, named by QUANTSCOPE_PYTHON")
class PyTorchOracleTest {

    private static final int IMAGES = 20;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "alexnet-xnor.pt2 | --int8 conv1",
        "alexnet-xnor.onnx | --int8 conv1 --fuse",
        "alexnet-xnor.pt2 | --int8 conv3,fc6 --fp32 fc7",
        "alexnet.pt2 | --int8 conv1,conv2,conv3,conv4,conv5,fc6,fc7,fc8 --fuse",
        "alexnet.onnx | --int8 conv1,bn1,relu1,pool1,fc6,relu6 --observer minmax",
        "residual.pt2 | --int8 layer1.conv1,layer1.conv2,layer1.add,layer1.relu2,layer2.add,fc --fuse",
        "not-quantizable.pt2 | --int8 block1.conv1,block1.conv2,block1.add,block1.relu@1 --fuse"})
    void exportedNetworksGiveTheSameLevelsAndAnswersUnderPyTorch(String model, String choices, @TempDir Path folder)
            throws Exception {
        new ExportedNet().make(folder, Path.of("sample-models", model), IMAGES, choices.split(" "));
        JsonNode result = python(folder);
        assertTrue(result.get("forced").size() > 1, "no int8 layer was compared");
        assertAll(result.get("forced").properties().stream().filter(e -> !e.getValue().get("stub").booleanValue())
                .map(e -> () -> none(e)));
        assertEquals(0, result.get("inputDifference").doubleValue(), "preprocessed images differ from Pillow's");
        assertEquals("{\"fp32\":[],\"converted\":[]}", result.get("otherAnswers").toString());
    }

    private static void none(Map.Entry<String, JsonNode> module) {
        assertTrue(module.getValue().get("total").longValue() > 0, module.getKey() + " was not compared");
        assertEquals(0, module.getValue().get("different").longValue(), module.getKey() + ": " + module.getValue());
    }

    private static JsonNode python(Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("result.json");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"),
                Path.of("src/test/python/check_export.py").toString(), folder.toString())
                .redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(errors));
        return new ObjectMapper().readTree(output.toFile());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
