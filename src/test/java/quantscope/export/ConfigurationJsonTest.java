package quantscope.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.quant.Profile;

class ConfigurationJsonTest {

    private static final Path EXAMPLE = Path.of("src/test/resources/golden/export/config.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private static JsonSchema schema() throws IOException {
        try (InputStream in = ConfigurationJson.class.getResourceAsStream(
                "/quantscope/schema/configuration-2.schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
        }
    }

    @Test
    void whatIsWrittenIsReadAgainAndFitsThePublishedSchema() throws Exception {
        Configuration configuration = ConfigurationJson.load(EXAMPLE);
        Path file = folder.resolve("again.json");
        ConfigurationJson.save(configuration, file);
        assertEquals(ConfigurationJson.write(configuration), ConfigurationJson.write(ConfigurationJson.load(file)));
        JsonNode written = MAPPER.readTree(file.toFile());
        assertEquals(MAPPER.readTree(EXAMPLE.toFile()), written);
        assertEquals(Set.of(), schema().validate(written));
        assertFalse(configuration.activations().isEmpty());
        assertFalse(configuration.weights().isEmpty());
    }

    @Test
    void aFileOfVersion1IsReadAsMeantForFbgemm() throws Exception {
        Configuration old = ConfigurationJson.load(Path.of("src/test/resources/golden/export/config-1.json"));
        assertEquals(Profile.FBGEMM, old.specification().profile());
        assertEquals(ConfigurationJson.write(ConfigurationJson.load(EXAMPLE)), ConfigurationJson.write(old));
    }

    @Test
    void everyProfileIsWrittenAndReadAgain() throws Exception {
        Configuration c = ConfigurationJson.load(EXAMPLE);
        for (Profile profile : Profile.values()) {
            Configuration changed = new Configuration(c.modelFile(), c.modelFormat(), c.modelSha256(),
                    c.specification().withProfile(profile), c.preprocessing(), c.imagesFolder(), c.selection(),
                    c.calibrationImages(), c.evaluationImages(), c.activations(), c.weights());
            JsonNode written = ConfigurationJson.write(changed);
            assertEquals(Set.of(), schema().validate(written));
            assertEquals(changed.specification(), ConfigurationJson.read(written).specification());
        }
    }

    @Test
    void theSchemaRefusesWhatTheReaderRefuses() throws Exception {
        for (String edit : new String[] {"/activations/conv1/scale", "/model/sha256", "/version", "/images/seed"}) {
            ObjectNode json = (ObjectNode) MAPPER.readTree(EXAMPLE.toFile());
            int slash = edit.lastIndexOf('/');
            ObjectNode parent = slash == 0 ? json : (ObjectNode) json.at(edit.substring(0, slash));
            parent.put(edit.substring(slash + 1), "many");
            assertFalse(schema().validate(json).isEmpty(), edit);
            assertThrows(ConfigurationException.class, () -> ConfigurationJson.read(json), edit);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/kind | \"shopping list\" | kind is shopping list",
        "/version | 99 | version is 99, this program reads 1 to 2",
        "/version | 0 | version is 0",
        "/version | 1 | /specification: has a profile, which version 1 does not know",
        "/specification/profile | \"tpu\" | tpu",
        "/model | [] | /model",
        "/activations/conv1/scale | 0 | /activations/conv1",
        "/activations/conv1/scale | -1 | /activations/conv1",
        "/activations/conv1/scale | 1e60 | /activations/conv1/scale",
        "/activations/conv1/scale | \"NaN\" | /activations/conv1/scale",
        "/activations/conv1/zeroPoint | 256 | /activations/conv1",
        "/activations/conv1/zeroPoint | 1.5 | /activations/conv1/zeroPoint",
        "/activations/conv1/dtype | \"int4\" | int4",
        "/activations/conv1/dtype | \"qint8\" | /activations/conv1: dtype is qint8, expected quint8",
        "/activations/conv1/observedMin | 1e9 | /activations/conv1: observedMin is",
        "/preprocessing/resize | 2000000000 | /preprocessing: resize is 2000000000, expected 1 to 16384",
        "/images/seed | 1e30 | /images/seed",
        "/weights/conv1/scales | [1, 2] | /weights/conv1",
        "/weights/conv1/scales | {} | /weights/conv1/scales",
        "/specification/layers/conv1/precision | \"fp8\" | fp8",
        "/specification/defaultQConfig/activation/observer | \"Oracle\" | Oracle",
        "/preprocessing/crop | [0, 64] | /preprocessing",
        "/preprocessing/std | [0, 0, 0] | /preprocessing",
        "/images/batch | 0 | /images",
        "/images/calibrationImages | [1] | /images/calibrationImages"})
    void whatIsWrongIsNamedWithItsPlace(String place, String value, String said) throws Exception {
        ObjectNode json = (ObjectNode) MAPPER.readTree(EXAMPLE.toFile());
        int slash = place.lastIndexOf('/');
        ObjectNode parent = slash == 0 ? json : (ObjectNode) json.at(place.substring(0, slash));
        parent.set(place.substring(slash + 1), MAPPER.readTree(value));
        Path file = Files.writeString(folder.resolve("bad.json"), json.toString());
        String message = assertThrows(ConfigurationException.class, () -> ConfigurationJson.load(file)).getMessage();
        assertTrue(message.startsWith("bad.json: "), message);
        assertTrue(message.contains(said), message);
        assertTrue(message.endsWith("; export the configuration again"), message);
    }

    @Test
    void whatIsNoJsonIsSaidWithItsLineInTheUsersWords() throws Exception {
        String text = Files.readString(EXAMPLE);
        for (String bad : new String[] {text.replaceFirst("\"zeroPoint\" : \\d+", "\"zeroPoint\" : NaN"),
            text.substring(0, 500), "{\"kind\":".repeat(5000), "1".repeat(100_000), ""}) {
            Path file = Files.writeString(folder.resolve("bad.json"), bad);
            String message = assertThrows(ConfigurationException.class, () -> ConfigurationJson.load(file)).getMessage();
            assertTrue(message.startsWith("bad.json: ") && message.endsWith("; export the configuration again"), message);
            assertFalse(message.contains("Feature") || message.contains("Constraints"), message);
        }
        Path missing = folder.resolve("missing.json");
        assertTrue(assertThrows(ConfigurationException.class, () -> ConfigurationJson.load(missing)).getMessage()
                .contains("missing.json: does not exist"));
    }

    @Test
    void damagedFilesAreSurvived() throws Exception {
        byte[] whole = Files.readAllBytes(EXAMPLE);
        Random random = new Random(3);
        Path file = folder.resolve("damaged.json");
        for (int round = 0; round < 400; round++) {
            byte[] bytes = round % 2 == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = 0; round % 2 == 1 && i < 3; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
            }
            Files.write(file, bytes);
            try {
                ConfigurationJson.load(file);
            } catch (ConfigurationException e) {
                assertTrue(e.getMessage().startsWith("damaged.json: "), e.getMessage());
            }
        }
        Files.writeString(file, "[".repeat(200_000));
        assertThrows(ConfigurationException.class, () -> ConfigurationJson.load(file));
    }

    @Test
    void anEnormousFileIsRefusedUnread() throws Exception {
        Path file = folder.resolve("large.json");
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {' '}), 100L << 20);
        }
        assertTrue(assertThrows(ConfigurationException.class, () -> ConfigurationJson.load(file)).getMessage()
                .contains("64 MB"));
    }

    @Test
    void aDiskThatFillsUpLeavesTheOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("kept.json"), "old");
        IOException failure = assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        assertTrue(failure.getMessage().contains("kept.json") && failure.getMessage().contains("No space left"),
                failure.getMessage());
        assertEquals("old", Files.readString(file));
        try (var left = Files.list(folder)) {
            assertEquals(1, left.count());
        }
    }
}
