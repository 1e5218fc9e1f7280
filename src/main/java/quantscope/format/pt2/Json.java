package quantscope.format.pt2;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import quantscope.format.ModelFormatException;

/** Reads the archive's JSON with limits on depth and lengths. */
final class Json {

    private static final int DEEPEST = 200;
    private static final int LONGEST_TEXT = 1 << 20;
    private static final long LARGEST = 64L << 20;

    /** Python writes Infinity and NaN bare. */
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_TEXT).maxNumberLength(100).build()).build());

    private Json() { }

    static JsonNode read(Archive archive, String entry) throws ModelFormatException, IOException {
        byte[] bytes = archive.bytes(entry, LARGEST);
        try {
            JsonNode json = MAPPER.readTree(bytes);
            if (!json.isObject()) {
                throw new ModelFormatException(archive.file(), entry, "is no JSON object; export the model again");
            }
            return json;
        } catch (CharConversionException e) {
            throw new ModelFormatException(archive.file(), entry, "is no text in UTF-8; export the model again", e);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(archive.file(), entry, "is not JSON (" + e.getOriginalMessage()
                    + "); export the model again", e);
        }
    }
}
