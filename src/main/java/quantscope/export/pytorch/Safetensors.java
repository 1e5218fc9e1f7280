package quantscope.export.pytorch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;

/**
 * Writes safetensors: the header's length as a little-endian 64-bit number, a JSON header padded with spaces to 8 bytes,
 * then the tensors, little-endian and without gaps. See https://github.com/huggingface/safetensors.
 */
final class Safetensors {

    private static final int ALIGNMENT = 8;
    private static final int CHUNK = 1 << 14;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A tensor that can be written. */
    sealed interface Tensor {

        /** The format's word for the type of the elements. */
        String dtype();

        List<Integer> shape();

        long bytes();

        /** fp32. */
        record F32(FloatTensor value, boolean scalar) implements Tensor {

            static F32 of(FloatTensor value) {
                return new F32(value, false);
            }

            @Override
            public String dtype() {
                return "F32";
            }

            @Override
            public List<Integer> shape() {
                return scalar ? List.of() : value.shape().dims();
            }

            @Override
            public long bytes() {
                return 4L * value.data().length;
            }
        }

        /** The levels of a qint8 tensor. */
        record I8(QuantizedTensor value) implements Tensor {

            @Override
            public String dtype() {
                return "I8";
            }

            @Override
            public List<Integer> shape() {
                return value.shape().dims();
            }

            @Override
            public long bytes() {
                return value.levels().length;
            }
        }

        /** Whole numbers: zero points, which PyTorch keeps in 64 bits. */
        record I64(List<Integer> values, boolean scalar) implements Tensor {

            public I64 {
                values = List.copyOf(values);
            }

            @Override
            public String dtype() {
                return "I64";
            }

            @Override
            public List<Integer> shape() {
                return scalar ? List.of() : List.of(values.size());
            }

            @Override
            public long bytes() {
                return 8L * values.size();
            }
        }
    }

    private Safetensors() { }

    /** @param metadata texts, about the whole file */
    static void write(Map<String, Tensor> tensors, Map<String, String> metadata, OutputStream out) throws IOException {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        ObjectNode about = header.putObject("__metadata__");
        metadata.forEach(about::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", tensor.getValue().dtype());
            tensor.getValue().shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(offset).add(offset + tensor.getValue().bytes());
            offset += tensor.getValue().bytes();
        }
        byte[] json = MAPPER.writeValueAsBytes(header);
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        out.write(littleEndian(8).putLong(json.length + padding).array());
        out.write(json);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        for (Tensor tensor : tensors.values()) {
            write(tensor, out);
        }
    }

    private static void write(Tensor tensor, OutputStream out) throws IOException {
        switch (tensor) {
            case Tensor.F32 f -> {
                float[] data = f.value().data();
                for (int from = 0; from < data.length; from += CHUNK) {
                    int count = Math.min(CHUNK, data.length - from);
                    ByteBuffer chunk = littleEndian(4 * count);
                    chunk.asFloatBuffer().put(data, from, count);
                    out.write(chunk.array());
                }
            }
            case Tensor.I8 i -> out.write(i.value().levels());
            case Tensor.I64 i -> {
                ByteBuffer all = littleEndian(8 * i.values().size());
                i.values().forEach(v -> all.putLong(v));
                out.write(all.array());
            }
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
