package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exports networks, runs the files under PyTorch and compares: every int8 layer's levels on 20 sample images, and the
 * answer for every sample image. Runs where QUANTSCOPE_PYTHON names a Python that has PyTorch, NumPy and Pillow.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with PyTorch, named by QUANTSCOPE_PYTHON")
class PyTorchOracleTest {

    private static final int IMAGES = 20;

    static Stream<Arguments> rows() {
        return Sweep.rows();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void exportedNetworksGiveTheSameLevelsAndAnswersUnderPyTorch(String model, String choices, @TempDir Path folder)
            throws Exception {
        new ExportedNet().make(folder, Path.of("sample-models", model), IMAGES, choices.split(" "));
        JsonNode result = python(folder);
        assertSame(result);
        assertEquals(changesBinary(model, choices), !result.get("fxRefusal").textValue().isEmpty(), result.get("fxRefusal").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "MinMaxObserver, per_tensor_affine, true, MinMaxObserver, per_tensor_affine, false",
        "MinMaxObserver, per_tensor_symmetric, false, MinMaxObserver, per_tensor_symmetric, true",
        "MovingAverageMinMaxObserver, per_tensor_affine, false, PerChannelMinMaxObserver, per_channel_affine, false",
        "HistogramObserver, per_tensor_affine, true, MovingAveragePerChannelMinMaxObserver, per_channel_symmetric, true",
        "HistogramObserver, per_tensor_symmetric, false, PerChannelMinMaxObserver, per_channel_affine, true"})
    void everyQConfigGivesTheSameLevelsUnderPyTorch(String activation, String activationScheme, boolean activationReduced,
            String weight, String weightScheme, boolean weightReduced, @TempDir Path folder) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode start = (ObjectNode) mapper.readTree(Path.of("src/test/resources/golden/export/config.json").toFile());
        change(start.at("/specification/defaultQConfig/activation"), activation, activationScheme, activationReduced);
        change(start.at("/specification/defaultQConfig/weight"), weight, weightScheme, weightReduced);
        Path config = folder.resolve("start.json");
        mapper.writeValue(config.toFile(), start);
        new ExportedNet().make(folder, Path.of("sample-models/alexnet.pt2"), IMAGES, "--config", config.toString(),
                "--int8", "conv1,conv2,conv3,conv4,conv5,fc6,fc7,fc8", "--fuse");
        assertSame(python(folder));
    }

    /** Blocks of these have one ReLU for several places, and Sequentials. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "resnet18.pth | conv1,relu,maxpool,layer1.0.conv1,layer1.0.conv2,layer1.0.add,layer1.0.relu@1,layer2.0.conv1,"
                + "layer2.0.conv2,layer2.0.downsample.0,layer2.0.add,layer4.1.conv2,avgpool,fc",
        "vgg13-bn-legacy.pth | features.0,features.3,features.7,classifier.0,classifier.3"})
    void architecturesOfCheckpointsGiveTheSameLevelsAndAnswersUnderPyTorch(String model, String int8, @TempDir Path folder)
            throws Exception {
        new ExportedNet().make(folder, Path.of("src/test/resources/golden/checkpoint", model), 4, "--limit", "16", "--int8", int8,
                "--fuse");
        assertSame(python(folder));
    }

    @Test
    void theFileSkipsWhatPillowCannotRead(@TempDir Path folder) throws Exception {
        new ExportedNet().make(folder, Path.of("sample-models/alexnet-xnor.pt2"), IMAGES, "--int8", "conv1");
        Path images = Files.createDirectories(folder.resolve("images/folder.png")).getParent();
        byte[] whole = Files.readAllBytes(Path.of("sample-models/images/car/000.jpg"));
        Files.write(images.resolve("whole.jpg"), whole);
        Files.write(images.resolve("half.jpg"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(images.resolve("text.png"), "no image");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), folder.resolve("net.py").toString(),
                "--images", images.toString()).redirectError(folder.resolve("errors.txt").toFile()).start();
        String written = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> read(folder.resolve("errors.txt")));
        JsonNode answers = new ObjectMapper().readTree(written);
        assertEquals(1, answers.size());
        assertTrue(answers.has("whole.jpg"));
        String skipped = read(folder.resolve("errors.txt"));
        assertTrue(skipped.contains("skipped half.jpg") && skipped.contains("skipped text.png"), skipped);
    }

    /** Whether layers become binary, or layers that the model has binary become something else: no qconfig says that. */
    private static boolean changesBinary(String model, String choices) {
        return choices.contains("--binary") || model.contains("xnor") && choices.matches(".*\\b(conv[2-5]|fc[6-8])\\b.*");
    }

    private static void change(JsonNode observer, String kind, String scheme, boolean reduced) {
        ((ObjectNode) observer).put("observer", kind).put("qscheme", scheme).put("reduceRange", reduced);
    }

    /**
     * Each module by itself, with our input, has no other level. Behind fp32 layers, whose sums PyTorch adds in another
     * order, a stub may round a value on the edge between two levels to the other one, and what runs freely goes on
     * with it. The FX network runs on the same fp32 layers as the eager one, so it has the same levels; but in its own
     * code a binarized network multiplies signs in fp32.
     */
    private static void assertSame(JsonNode result) {
        assertTrue(result.get("free").size() > 1, "no int8 layer was compared");
        assertAll(result.get("forced").properties().stream().map(e -> () -> {
            if (e.getValue().get("stub").booleanValue()) {
                few(e);
            } else {
                none(e);
            }
        }));
        assertAll(result.get("free").properties().stream().map(e -> () -> few(e)));
        assertAll(result.get("fx").properties().stream().map(e -> () -> {
            if (result.get("binarized").booleanValue()) {
                few(e);
            } else {
                none(e);
            }
        }));
        assertEquals(result.get("fxRefusal").textValue().isEmpty() ? result.get("free").size() : 0, result.get("fx").size());
        assertEquals("[]", result.get("safetensors").toString(), "tensors that differ");
        assertEquals("[]", result.get("aimet").toString(), "what AIMET would do otherwise");
        assertEquals(0, result.get("inputDifference").doubleValue(), "preprocessed images differ from Pillow's");
        assertEquals("{\"fp32\":[],\"converted\":[],\"fx\":[],\"safetensors\":[]}", result.get("otherAnswers").toString());
        assertEquals(300, result.get("answers").intValue());
    }

    private static void none(Map.Entry<String, JsonNode> module) {
        assertTrue(module.getValue().get("total").longValue() > 0, module.getKey() + " was not compared");
        assertEquals(0, module.getValue().get("different").longValue(), module.getKey() + ": " + module.getValue());
    }

    private static void few(Map.Entry<String, JsonNode> module) {
        JsonNode found = module.getValue();
        assertTrue(found.get("total").longValue() > 0, module.getKey() + " was not compared");
        assertTrue(found.get("largest").longValue() <= 1
                && 1000 * found.get("different").longValue() <= found.get("total").longValue(),
                module.getKey() + ": " + found);
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
