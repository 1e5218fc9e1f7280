package quantscope.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import quantscope.dataset.Preprocessing;

/**
 * Preprocessing as JSON: in configuration files, and in the model files that carry it under the key
 * "preprocessing": {@code {"resize": 72, "crop": [64, 64], "interpolation": "bilinear", "antialias": true,
 * "mean": [...], "std": [...]}}; resize is the shorter side, or null for none.
 */
public final class PreprocessingJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PreprocessingJson() { }

    public static ObjectNode write(Preprocessing preprocessing) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (preprocessing.resize().isPresent()) {
            json.put("resize", preprocessing.resize().getAsInt());
        } else {
            json.putNull("resize");
        }
        json.putArray("crop").add(preprocessing.cropHeight()).add(preprocessing.cropWidth());
        json.put("interpolation", "bilinear").put("antialias", true);
        numbers(json.putArray("mean"), preprocessing.mean());
        numbers(json.putArray("std"), preprocessing.std());
        return json;
    }

    /** Reads the text that a model file carries. */
    public static Preprocessing parse(String text) throws ConfigurationException {
        try {
            return read(JsonReader.root(MAPPER.readTree(text)));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("", "is not JSON: " + e.getOriginalMessage());
        }
    }

    public static Preprocessing read(JsonNode json) throws ConfigurationException {
        return read(JsonReader.root(json));
    }

    static Preprocessing read(JsonReader json) throws ConfigurationException {
        if (json.has("interpolation") && !json.text("interpolation").equals("bilinear")) {
            throw json.invalid("interpolation is " + json.text("interpolation") + ", expected bilinear");
        }
        if (json.has("antialias") && !json.bool("antialias")) {
            throw json.invalid("antialias is false; only Pillow's antialiased resize is supported");
        }
        int[] crop = json.integers("crop");
        if (crop.length != 2) {
            throw json.invalid("crop has " + crop.length + " values, expected [height, width]");
        }
        OptionalInt resize = json.has("resize") ? OptionalInt.of(json.integer("resize")) : OptionalInt.empty();
        try {
            return new Preprocessing(resize, crop[0], crop[1], json.numbers("mean"), json.numbers("std"));
        } catch (IllegalArgumentException e) {
            throw json.invalid(e.getMessage());
        }
    }

    private static void numbers(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }
}
