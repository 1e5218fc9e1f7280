package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.cli.CommandLineApp;
import quantscope.onnxruntime.OnnxRuntime;
import quantscope.session.Session;

/** Exported models in ONNX Runtime give the answers that are shown. On a CPU with VNNI, or with the other profile. */
class VerifyExportTest {

    private final Session session = Composition.session();

    @TempDir
    Path folder;

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = CommandLineApp.run(arguments, () -> session, new PrintWriter(out), new PrintWriter(err));
        assertEquals(0, exit, () -> String.join(" ", arguments) + ": " + err);
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({"alexnet.pt2, 'conv1,conv2,conv3,conv4,conv5,fc6,fc7,fc8'", "alexnet-xnor.pt2, conv1",
        "residual.pt2, 'conv1,layer1.conv1,layer1.conv2,layer1.add,fc'"})
    void everyImageHasTheSameAnswer(String file, String layers) throws IOException {
        String model = "sample-models/" + file;
        String config = folder.resolve("config.json").toString();
        String profile = Files.readString(Path.of("/proc/cpuinfo")).contains("avx512_vnni") ? "onnxruntime"
                : "onnxruntime-avx2";
        run("calibrate", model, "--images", "sample-models/images", "--int8", layers, "--fuse", "--limit", "40", "--profile",
                profile, "--out", config);
        JsonNode found = new ObjectMapper().readTree(run("verify", model, "--images", "sample-models/images", "--config",
                config, "--limit", "100", "--json"));
        assertTrue(found.get("runtime").asText().startsWith("ONNX Runtime 1."), found.get("runtime").asText());
        assertEquals(100, found.get("imageCount").asInt());
        assertEquals(100, found.get("agreeing").asInt());
        assertTrue(found.get("largestDifference").asDouble() < 1e-4, found.get("largestDifference").asText());
    }

    @Test
    void aFileThatIsNoModelIsRefusedByName() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.onnx"), "no model");
        String message = assertThrows(IOException.class, () -> new OnnxRuntime().load(file)).getMessage();
        assertTrue(message.startsWith("broken.onnx: ONNX Runtime refuses it"), message);
    }
}
