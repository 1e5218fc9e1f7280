package quantscope.format.pt2;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.format.ModelFormatException;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Whatever the bytes are: an answer or a typed exception. */
class HostileArchivesTest {

    @TempDir
    Path folder;

    private void survive(byte[] bytes, String what) throws IOException {
        Path file = Files.write(folder.resolve("hostile.pt2"), bytes);
        try {
            new Pt2Reader().read(file, Progress.NONE, Cancellation.NEVER);
        } catch (ModelFormatException e) {
            assertTrue(e.getMessage().startsWith("hostile.pt2: "), what + ": " + e.getMessage());
        } catch (IOException e) {
            // A file that cannot be read at all is a typed answer too.
        } catch (RuntimeException | StackOverflowError e) {
            fail(what, e);
        }
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("hostile.pt2"), bytes);
        return assertThrows(ModelFormatException.class,
                () -> new Pt2Reader().read(file, Progress.NONE, Cancellation.NEVER)).getMessage();
    }

    private static byte[] archive(String name) throws Exception {
        return Files.readAllBytes(GoldenArchivesTest.file(name, "model.pt2"));
    }

    private static Map<String, byte[]> entries(String name) throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(GoldenArchivesTest.file(name, "model.pt2").toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] edited(String name, String entryEnd, UnaryOperator<String> edit) throws Exception {
        Map<String, byte[]> entries = entries(name);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().endsWith(entryEnd)) {
                String text = new String(entry.getValue(), StandardCharsets.UTF_8);
                String changed = edit.apply(text);
                assertTrue(!changed.equals(text), "the edit changes nothing");
                entry.setValue(changed.getBytes(StandardCharsets.UTF_8));
            }
        }
        return zip(entries);
    }

    @Test
    void truncatedArchivesAreSurvived() throws Exception {
        byte[] whole = archive("quantizable");
        for (int length = 0; length < whole.length; length += 211) {
            survive(Arrays.copyOf(whole, length), "cut at " + length);
        }
    }

    @Test
    void flippedBitsAreSurvived() throws Exception {
        Random random = new Random(5);
        for (String name : new String[] {"binarized", "breadth", "older-2.1", "older-2.7", "older-2.8"}) {
            byte[] whole = archive(name);
            for (int i = 0; i < 150; i++) {
                byte[] damaged = whole.clone();
                for (int flips = 0; flips < 4; flips++) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                survive(damaged, name + " round " + i);
            }
        }
    }

    @Test
    void damagedJsonIsSurvived() throws Exception {
        Random random = new Random(6);
        for (String name : List.of("breadth", "older-2.1", "op-shapes", "op-shapes-core", "op-pooling", "op-resized-core")) {
            damageJson(entries(name), random, 120, name);
        }
    }

    private void damageJson(Map<String, byte[]> entries, Random random, int rounds, String name) throws IOException {
        for (int i = 0; i < rounds; i++) {
            Map<String, byte[]> damaged = new LinkedHashMap<>(entries);
            for (Map.Entry<String, byte[]> entry : damaged.entrySet()) {
                if (entry.getKey().endsWith(".json") && entry.getValue().length > 0) {
                    byte[] bytes = entry.getValue().clone();
                    int at = random.nextInt(bytes.length);
                    // Digits for digits keeps most of it JSON, with absurd numbers in it.
                    for (int k = at; k < Math.min(bytes.length, at + 60); k++) {
                        if (bytes[k] >= '0' && bytes[k] <= '9') {
                            bytes[k] = (byte) ('0' + random.nextInt(10));
                        }
                    }
                    entry.setValue(bytes);
                }
            }
            survive(zip(damaged), name + " round " + i);
        }
    }

    @Test
    void truncatedOlderArchivesAreSurvived() throws Exception {
        byte[] whole = archive("older-2.7");
        for (int length = 0; length < whole.length; length += 733) {
            survive(Arrays.copyOf(whole, length), "cut at " + length);
        }
    }

    @Test
    void aStateDictThatNamesAFunctionIsRefusedByThatName() throws Exception {
        Map<String, byte[]> entries = entries("older-2.7");
        byte[] pickle = "cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII);
        entries.put("serialized_state_dict.pt", zip(Map.of("archive/data.pkl", pickle)));
        String message = refusal(zip(entries));
        assertTrue(message.contains("serialized_state_dict.pt") && message.contains("os.system"), message);
    }

    @Test
    void aStateDictWithoutAWeightIsRefusedByTheWeightsName() throws Exception {
        Map<String, byte[]> entries = entries("older-2.7");
        entries.put("serialized_state_dict.pt", zip(Map.of("archive/data.pkl", new byte[] {'}', '.'})));
        String message = refusal(zip(entries));
        assertTrue(message.contains("features.0.weight") && message.contains("no such weight"), message);
    }

    @Test
    void constantsThatAreNoBase64AreRefused() throws Exception {
        String message = refusal(edited("older-2.1", "serialized_exported_program.json",
                text -> text.replaceFirst("\"constants\": \\{(\"[^\"]*\"): \"", "\"constants\": {$1: \"*")));
        assertTrue(message.contains("base64"), message);
    }

    @Test
    void anEmptyConstantIsRefusedAtTheOperationThatReadsIt() throws Exception {
        String message = refusal(edited("chunked", "models/model.json",
                text -> text.replaceFirst("(\"name\": ?\"size\", ?\"arg\": ?\\{\"as_ints\": ?\\[)1", "$10")));
        assertTrue(message.contains("clamp") && message.contains("would be empty"), message);
    }

    @Test
    void anArchiveOfSeveralProgramsNamesThem() throws Exception {
        Map<String, byte[]> entries = entries("older-2.8");
        byte[] program = entries.remove("model/models/model.json");
        entries.put("model/models/encoder.json", program);
        entries.put("model/models/decoder.json", program);
        String message = refusal(zip(entries));
        assertTrue(message.contains("decoder, encoder"), message);
    }

    @Test
    void anExponentialPathOfAModuleEnds() throws Exception {
        String path = "getattr(".repeat(90_000) + "L['self']" + ", 'a')".repeat(90_000);
        byte[] bytes = edited("older-2.1", "serialized_exported_program.json",
                text -> text.replaceFirst("L\\['self'\\]\\.features\\[0\\]", java.util.regex.Matcher.quoteReplacement(path)));
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> survive(bytes, "path"));
    }

    @Test
    void aPickledWeightIsRefused() throws Exception {
        String message = refusal(edited("quantizable", "model_weights_config.json",
                text -> text.replaceFirst("\"use_pickle\": ?false", "\"use_pickle\": true")));
        assertTrue(message.contains("pickle"), message);
    }

    @Test
    void anAbsurdShapeIsRefusedBeforeMemoryIsTaken() throws Exception {
        String message = refusal(edited("quantizable", "model_weights_config.json",
                text -> text.replaceFirst("\"as_int\": ?8", "\"as_int\": 2000000000")));
        assertTrue(message.contains("does not fit"), message);
    }

    @Test
    void aCheckpointIsToldFromAnExport() throws Exception {
        String message = refusal(zip(Map.of("archive/data.pkl", new byte[] {1})));
        assertTrue(message.contains("pickled checkpoint"), message);
    }

    @Test
    void notANumberInAWeightIsNamed() throws Exception {
        Map<String, byte[]> entries = entries("quantizable");
        entries.replaceAll((name, bytes) -> {
            if (name.endsWith("weights/weight_0")) {
                bytes = bytes.clone();
                Arrays.fill(bytes, 0, 4, (byte) 0xff);
            }
            return bytes;
        });
        String message = refusal(zip(entries));
        assertTrue(message.contains("conv1.weight") && message.contains("NaN"), message);
    }

    @Test
    void viewsThatReadThemselvesEnd() throws Exception {
        for (String view : List.of("view", "squeeze", "pad", "avg_pool3d")) {
            byte[] bytes = edited("response-norm", "models/model.json",
                    text -> text.replaceAll("\"name\": ?\"" + view + "\"", "\"name\": \"view_1\""));
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> survive(bytes, view));
        }
    }

    @Test
    void deeplyNestedJsonIsRefused() throws Exception {
        String message = refusal(edited("quantizable", "models/model.json",
                text -> "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
        assertTrue(message.contains("model.json"), message);
    }

    @Test
    void aReadOfSomethingUndefinedNamesTheNode() throws Exception {
        String message = refusal(edited("quantizable", "models/model.json",
                text -> text.replaceFirst("\\{\"as_tensor\": ?\\{\"name\": ?\"batch_norm\"\\}\\}",
                        "{\"as_tensor\": {\"name\": \"nobody\"}}")));
        assertTrue(message.contains("relu (") && message.contains("reads batch_norm, which nothing"), message);
    }
}
