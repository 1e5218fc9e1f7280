package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.cli.CommandLineApp;
import quantscope.cli.ExitCode;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** The main job on weights without a network's code: checkpoints, safetensors, NumPy archives. */
class StateDictJobTest {

    private static final Path FIXTURES = Path.of("src/test/resources/golden/checkpoint");
    private static final String IMAGES = "sample-models/images";

    private static Session session;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        session = Composition.session();
    }

    private static String run(int exit, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(exit, CommandLineApp.run(arguments, () -> session, new PrintWriter(out), new PrintWriter(err)), err::toString);
        return out + err.toString();
    }

    @ParameterizedTest
    @CsvSource({"alexnet-training.pth.tar, features.0, features_0", "xnor-alexnet.pth.tar, features.0, features_0",
        "resnet50.safetensors, layer1.0.conv1, layer1_0_conv1", "resnext50.npz, conv1, conv1"})
    void theChosenLayerBecomesInt8UnderItsModulesName(String fixture, String layer, String attribute) throws Exception {
        String model = FIXTURES.resolve(fixture).toString();
        String config = folder.resolve("config.json").toString();
        Path python = folder.resolve("net.py");
        run(0, "calibrate", model, "--images", IMAGES, "--limit", "3", "--int8", layer, "--fuse", "--out", config);
        JsonNode comparison = new ObjectMapper().readTree(
                run(0, "compare", model, "--images", IMAGES, "--config", config, "--limit", "3", "--json"));
        assertEquals(3, comparison.get("images").size());
        run(0, "export", model, "--config", config, "--to", "pytorch", "--out", python.toString());
        String written = Files.readString(python);
        assertTrue(written.contains("self." + attribute + " = nn.Conv2d(3, ") || written.contains("self." + attribute
                + " = nn.Conv2d("), written);
    }

    /** The answers that the exported file gives under PyTorch, which builds the network anew, are those shown. */
    @ParameterizedTest
    @Tag("oracle")
    @EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
            disabledReason = "needs a Python with PyTorch, named by QUANTSCOPE_PYTHON")
    @CsvSource({"alexnet-training.pth.tar, 'features.0,classifier.1'", "xnor-alexnet.pth.tar, 'features.0,classifier.4'",
        "vgg13-bn-legacy.pth, 'features.0,features.3,classifier.3'", "resnet18.pth, 'conv1,layer2.0.conv1,fc'"})
    void exportedFilesGiveTheSameAnswersUnderPyTorch(String fixture, String layers) throws Exception {
        String model = FIXTURES.resolve(fixture).toString();
        String config = folder.resolve("config.json").toString();
        Path python = folder.resolve("net.py");
        Path images = folder.resolve("images");
        try (Stream<Path> all = Files.walk(Path.of(IMAGES))) {
            for (Path image : all.filter(f -> f.toString().endsWith("0.jpg")).toList()) {
                Path copy = images.resolve(Path.of(IMAGES).relativize(image).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(image, copy);
            }
        }
        run(0, "calibrate", model, "--images", images.toString(), "--int8", layers, "--fuse", "--out", config);
        JsonNode shown = new ObjectMapper().readTree(run(0, "compare", model, "--images", images.toString(), "--config", config,
                "--all", "--json")).get("images");
        run(0, "export", model, "--config", config, "--to", "pytorch", "--out", python.toString());
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), python.toString(), "--images",
                images.toString()).redirectError(folder.resolve("errors.txt").toFile()).start();
        String written = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), Files.readString(folder.resolve("errors.txt")));
        JsonNode answers = new ObjectMapper().readTree(written);
        assertEquals(30, shown.size());
        for (JsonNode image : shown) {
            assertEquals(image.get("converted"), answers.get(image.get("path").asText()), image + " " + written);
        }
    }

    @Test
    void imagesArePreparedAsTheArchitectureExpects() throws Exception {
        OpenModel torchvision = open("alexnet.pth");
        assertEquals(256, torchvision.preprocessing().resize().orElseThrow());
        assertEquals(224, torchvision.preprocessing().cropHeight());
        assertEquals(0.485f, torchvision.preprocessing().mean()[0]);
        OpenModel xnor = open("xnor-alexnet.pth.tar");
        assertEquals(227, xnor.preprocessing().cropHeight());
        assertEquals(1 / 255f, xnor.preprocessing().std()[0]);
        assertEquals("c", open("alexnet.safetensors").className(2));
    }

    private static OpenModel open(String fixture) throws Exception {
        return session.open(FIXTURES.resolve(fixture), Progress.NONE, Cancellation.NEVER);
    }

    @Test
    void aPickledModuleIsRefusedWithWhatToDo() {
        String said = run(ExitCode.MODEL.code(), "graph", FIXTURES.resolve("whole-module.pth").toString());
        assertTrue(said.contains("whole-module.pth: ") && said.contains("torch.save(model.state_dict()"), said);
    }
}
