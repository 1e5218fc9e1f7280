package quantscope.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What Pillow and PyTorch made of the images beside golden/dataset/make_golden.py. */
final class GoldenImages {

    private final Path folder;
    private final JsonNode cases;
    private final byte[] expected;

    GoldenImages() throws IOException {
        try {
            folder = Path.of(GoldenImages.class.getResource("/golden/dataset/cases.json").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        cases = new ObjectMapper().readTree(folder.resolve("cases.json").toFile());
        expected = Files.readAllBytes(folder.resolve("expected.bin"));
    }

    Path file(JsonNode one) {
        return folder.resolve(one.get("file").asText());
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    List<JsonNode> all(String kind) {
        List<JsonNode> list = new ArrayList<>();
        cases.get(kind).forEach(list::add);
        return list;
    }

    byte[] bytes(JsonNode one, int length) {
        int offset = one.get("offset").asInt();
        return Arrays.copyOfRange(expected, offset, offset + length);
    }

    float[] floats(JsonNode one, int length) {
        float[] values = new float[length];
        ByteBuffer.wrap(expected, one.get("offset").asInt(), 4 * length).order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer().get(values);
        return values;
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
