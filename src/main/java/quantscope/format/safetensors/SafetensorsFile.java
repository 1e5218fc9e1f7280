package quantscope.format.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;
import quantscope.format.state.ElementType;
import quantscope.format.state.StateDict;
import quantscope.format.state.StoredTensor;

/**
 * A safetensors file (https://github.com/huggingface/safetensors, "Format"): the length of a JSON header in 8 bytes,
 * little-endian; the header, {@code {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...,
 * "__metadata__": {...}}}; the tensors, one behind the other without gaps.
 */
record SafetensorsFile(StateDict weights, Map<String, String> metadata) {

    private static final String METADATA = "__metadata__";
    /** A tensor takes some hundred bytes of it. */
    private static final int LARGEST_HEADER = 1 << 24;
    private static final int SMALLEST_HEADER = 2;
    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("F16", ElementType.FLOAT16), Map.entry("BF16", ElementType.BFLOAT16),
            Map.entry("F32", ElementType.FLOAT32), Map.entry("F64", ElementType.FLOAT64),
            Map.entry("I8", ElementType.INT8), Map.entry("U8", ElementType.UINT8),
            Map.entry("I16", ElementType.INT16), Map.entry("U16", ElementType.UINT16),
            Map.entry("I32", ElementType.INT32), Map.entry("U32", ElementType.UINT32),
            Map.entry("I64", ElementType.INT64), Map.entry("U64", ElementType.UINT64),
            Map.entry("BOOL", ElementType.BOOL));
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** A tensor's place in the data. */
    private record Stretch(String name, long begin, long end) { }

    static SafetensorsFile read(Path file, FileChannel channel) throws ModelFormatException, IOException {
        ByteRange.Plain all = new ByteRange.Plain(channel, 0, channel.size());
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        if (all.length() < Long.BYTES) {
            throw new ModelFormatException(file, "", "has " + all.length()
                    + " bytes, too few for a safetensors file; copy it again");
        }
        try (InputStream in = all.open(0)) {
            ByteRange.fill(in, length);
        }
        long header = length.getLong(0);
        if (header < SMALLEST_HEADER || header > all.length() - Long.BYTES || header > LARGEST_HEADER) {
            throw new ModelFormatException(file, "", "its header would have " + Long.toUnsignedString(header) + " bytes of "
                    + all.length() + ", expected 2 to " + LARGEST_HEADER + "; it is cut off or no safetensors file");
        }
        JsonNode json = parse(file, all.part(Long.BYTES, header));
        return new SafetensorsFile(weights(file, json, all.from(Long.BYTES + header)), metadata(file, json));
    }

    private static JsonNode parse(Path file, ByteRange header) throws ModelFormatException, IOException {
        try (InputStream in = header.open(0)) {
            JsonNode json = MAPPER.readTree(in.readNBytes((int) header.length()));
            if (json.isObject()) {
                return json;
            }
            throw new ModelFormatException(file, "header", "is no JSON object; the file is damaged, save it again");
        } catch (CharConversionException e) {
            throw new ModelFormatException(file, "header", "is no text in UTF-8; the file is damaged, save it again", e);
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(file, "header", "is not JSON (" + e.getOriginalMessage()
                    + "); the file is damaged, save it again", e);
        }
    }

    private static Map<String, String> metadata(Path file, JsonNode json) throws ModelFormatException {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path(METADATA).properties()) {
            if (!entry.getValue().isTextual()) {
                throw new ModelFormatException(file, METADATA, entry.getKey() + " is no text; save the file again");
            }
            metadata.put(entry.getKey(), entry.getValue().textValue());
        }
        return metadata;
    }

    private static StateDict weights(Path file, JsonNode json, ByteRange.Plain data)
            throws ModelFormatException, IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        List<Stretch> stretches = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String name = entry.getKey();
            if (name.equals(METADATA)) {
                continue;
            }
            String dtype = entry.getValue().path("dtype").asText();
            ElementType type = Optional.ofNullable(TYPES.get(dtype)).orElseThrow(() -> new ModelFormatException(file, name,
                    "has element type \"" + dtype + "\", expected one of " + TYPES.keySet().stream().sorted().toList()));
            long[] sizes = numbers(file, name, entry.getValue(), "shape");
            long[] offsets = numbers(file, name, entry.getValue(), "data_offsets");
            if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > data.length()) {
                throw new ModelFormatException(file, name, "data_offsets are " + entry.getValue().path("data_offsets")
                        + ", expected two numbers up to " + data.length() + "; the file is cut off or damaged");
            }
            stretches.add(new Stretch(name, offsets[0], offsets[1]));
            StoredTensor tensor = StoredTensor.of(file, name, data.part(offsets[0], offsets[1] - offsets[0]), type,
                    ByteOrder.LITTLE_ENDIAN, 0, sizes, StoredTensor.contiguous(sizes));
            if (tensor.shape().elements() * type.bytes() != offsets[1] - offsets[0]) {
                throw new ModelFormatException(file, name, "has " + (offsets[1] - offsets[0]) + " bytes, expected "
                        + tensor.shape().elements() * type.bytes() + " for shape " + tensor.shape() + " of " + dtype);
            }
            tensors.put(name, tensor);
        }
        checkGapless(file, stretches, data.length());
        return new StateDict(file, tensors, data.length());
    }

    /** Every byte belongs to one tensor: what overlaps or lies between could be read two ways by two programs. */
    private static void checkGapless(Path file, List<Stretch> stretches, long length) throws ModelFormatException {
        stretches.sort(Comparator.comparingLong(Stretch::begin).thenComparingLong(Stretch::end));
        long at = 0;
        for (Stretch stretch : stretches) {
            if (stretch.begin() != at) {
                throw new ModelFormatException(file, stretch.name(), "begins at byte " + stretch.begin()
                        + " of the data, expected " + at + ": tensors overlap or leave a gap; save the file again");
            }
            at = stretch.end();
        }
        if (at != length) {
            throw new ModelFormatException(file, "", "has " + length + " bytes of data, expected " + at
                    + " for its tensors; copy or save it again");
        }
    }

    private static long[] numbers(Path file, String name, JsonNode tensor, String key) throws ModelFormatException {
        JsonNode list = tensor.path(key);
        if (!list.isArray()) {
            throw new ModelFormatException(file, name, "has no list " + key + "; the file is damaged, save it again");
        }
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToLong() || list.get(i).longValue() < 0) {
                throw new ModelFormatException(file, name, key + " has " + list.get(i) + ", expected numbers from 0 up");
            }
            values[i] = list.get(i).longValue();
        }
        return values;
    }
}
