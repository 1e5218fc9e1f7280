package quantscope.format;

import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Networks of two linear layers with 16 MB of weights, in the forms in which files hold them. */
enum LargeModels {
    ONNX, ONNX_EXTERNAL, ONNX_TRANSPOSED, ONNX_MATMUL, PT2;

    private static final int FEATURES = 2048;
    private static final int HIDDEN = 1024;
    private static final int CLASSES = 2048;
    private static final int FLOAT = 1;

    /** @return the file, alone in the folder but for external data */
    Path write(Path folder) throws IOException {
        return switch (this) {
            case ONNX, ONNX_EXTERNAL, ONNX_TRANSPOSED, ONNX_MATMUL -> onnx(folder);
            case PT2 -> pt2(folder);
        };
    }

    private static byte[] weights(int count, int seed) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat((i * 7919L + seed) % 1009 / 504.5f - 1);
        }
        return bytes.array();
    }

    private Path onnx(Path folder) throws IOException {
        byte[] first = weights(HIDDEN * FEATURES, 1);
        byte[] second = weights(CLASSES * HIDDEN, 2);
        Path file = folder.resolve("large.onnx");
        if (this == ONNX_EXTERNAL) {
            Path data = folder.resolve("large.data");
            Files.write(data, first);
            Files.write(data, second, StandardOpenOption.APPEND);
        }
        byte[] graph = message(g -> {
            g.writeByteArray(1, gemm("x", "fc1.weight", "h"));
            g.writeByteArray(1, gemm("h", "fc2.weight", "y"));
            boolean turned = this == ONNX_TRANSPOSED || this == ONNX_MATMUL;
            g.writeByteArray(5, tensor("fc1.weight", turned ? FEATURES : HIDDEN, turned ? HIDDEN : FEATURES, first, 0));
            g.writeByteArray(5, tensor("fc2.weight", turned ? HIDDEN : CLASSES, turned ? CLASSES : HIDDEN, second, first.length));
            byte[] shape = message(s -> {
                s.writeByteArray(1, message(d -> d.writeInt64(1, 1)));
                s.writeByteArray(1, message(d -> d.writeInt64(1, FEATURES)));
            });
            byte[] type = message(t -> {
                t.writeInt32(1, FLOAT);
                t.writeByteArray(2, shape);
            });
            g.writeByteArray(11, message(v -> {
                v.writeString(1, "x");
                v.writeByteArray(2, message(t -> t.writeByteArray(1, type)));
            }));
            g.writeByteArray(12, message(v -> v.writeString(1, "y")));
        });
        return Files.write(file, message(m -> {
            m.writeInt64(1, 8);
            m.writeByteArray(7, graph);
            m.writeByteArray(8, message(o -> o.writeInt64(2, 17)));
        }));
    }

    private byte[] gemm(String input, String weight, String output) {
        return message(n -> {
            n.writeString(1, input);
            n.writeString(1, weight);
            n.writeString(2, output);
            n.writeString(4, this == ONNX_MATMUL ? "MatMul" : "Gemm");
            if (this == ONNX || this == ONNX_EXTERNAL) {
                n.writeByteArray(5, message(a -> {
                    a.writeString(1, "transB");
                    a.writeInt64(3, 1);
                }));
            }
        });
    }

    private byte[] tensor(String name, int rows, int columns, byte[] data, int offset) {
        return message(t -> {
            t.writeInt64(1, rows);
            t.writeInt64(1, columns);
            t.writeInt32(2, FLOAT);
            t.writeString(8, name);
            if (this != ONNX_EXTERNAL) {
                t.writeByteArray(9, data);
            } else {
                t.writeByteArray(13, entry("location", "large.data"));
                t.writeByteArray(13, entry("offset", Integer.toString(offset)));
                t.writeInt32(14, 1);
            }
        });
    }

    private static byte[] entry(String key, String value) {
        return message(e -> {
            e.writeString(1, key);
            e.writeString(2, value);
        });
    }

    private interface Content {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            content.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("an array takes all bytes", e);
        }
        return bytes.toByteArray();
    }

    private static Path pt2(Path folder) throws IOException {
        Path file = folder.resolve("large.pt2");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file)); ZipOutputStream zip = new ZipOutputStream(out)) {
            stored(zip, "archive_format", "pt2".getBytes(StandardCharsets.US_ASCII));
            stored(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            stored(zip, "data/weights/weight_0", weights(HIDDEN * FEATURES, 1));
            stored(zip, "data/weights/weight_1", weights(CLASSES * HIDDEN, 2));
            stored(zip, "data/weights/model_weights_config.json", text("{'config': {" + config("fc1.weight", 0, HIDDEN, FEATURES)
                    + ", " + config("fc2.weight", 1, CLASSES, HIDDEN) + "}}"));
            stored(zip, "data/constants/model_constants_config.json", text("{'config': {}}"));
            stored(zip, "models/model.json", text("{'graph_module': {'graph': {'inputs': [" + tensor("p1") + ", " + tensor("p2") + ", "
                    + tensor("x") + "], 'outputs': [" + tensor("y") + "], 'nodes': [" + linear("x", "p1", "h") + ", "
                    + linear("h", "p2", "y") + "], 'tensor_values': {'x': " + meta(1, FEATURES) + ", 'h': " + meta(1, HIDDEN)
                    + ", 'y': " + meta(1, CLASSES) + "}}, 'signature': {'input_specs': [" + parameter("p1", "fc1.weight") + ", "
                    + parameter("p2", "fc2.weight") + ", {'user_input': {'arg': " + tensor("x") + "}}], 'output_specs':"
                    + " [{'user_output': {'arg': " + tensor("y") + "}}]}}, 'schema_version': {'major': 8, 'minor': 14}}"));
        }
        return file;
    }

    private static byte[] text(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static String tensor(String name) {
        return "{'as_tensor': {'name': '" + name + "'}}";
    }

    private static String parameter(String value, String name) {
        return "{'parameter': {'arg': {'name': '" + value + "'}, 'parameter_name': '" + name + "'}}";
    }

    private static String linear(String input, String weight, String output) {
        return "{'target': 'torch.ops.aten.linear.default', 'inputs': [{'name': 'input', 'arg': " + tensor(input)
                + "}, {'name': 'weight', 'arg': " + tensor(weight) + "}], 'outputs': [" + tensor(output) + "], 'metadata': {}}";
    }

    private static String config(String name, int index, int rows, int columns) {
        return "'" + name + "': {'path_name': 'weight_" + index + "', 'use_pickle': false, 'tensor_meta': " + meta(rows, columns) + "}";
    }

    private static String meta(int rows, int columns) {
        return "{'dtype': 7, 'sizes': [{'as_int': " + rows + "}, {'as_int': " + columns + "}], 'strides': [{'as_int': " + columns
                + "}, {'as_int': 1}], 'storage_offset': {'as_int': 0}}";
    }

    private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("model/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
