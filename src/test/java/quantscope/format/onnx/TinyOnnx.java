package quantscope.format.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX files, broken ones too, field by field. */
final class TinyOnnx {

    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
    private long opset = 17;

    static TinyOnnx image(String name, long... dims) {
        return new TinyOnnx().input(name, 1, dims);
    }

    TinyOnnx opset(long version) {
        opset = version;
        return this;
    }

    /** An extent of 0 is left open. */
    TinyOnnx input(String name, int type, long... dims) {
        return put(11, value(name, type, dims));
    }

    TinyOnnx output(String name) {
        return put(12, message(o -> text(o, 1, name)));
    }

    TinyOnnx node(String name, String operator, String inputs, String output, byte[]... attributes) {
        return put(1, message(o -> {
            for (String input : inputs.split(" ")) {
                text(o, 1, input);
            }
            text(o, 2, output);
            text(o, 3, name);
            text(o, 4, operator);
            for (byte[] attribute : attributes) {
                o.writeByteArray(5, attribute);
            }
        }));
    }

    TinyOnnx weights(String name, long[] dims, float... data) {
        ByteBuffer raw = ByteBuffer.allocate(data.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(data);
        return put(5, message(o -> {
            for (long d : dims) {
                o.writeInt64(1, d);
            }
            o.writeInt32(2, 1);
            text(o, 8, name);
            o.writeByteArray(9, raw.array());
        }));
    }

    TinyOnnx external(String name, String location, String offset, long... dims) {
        return put(5, message(o -> {
            for (long d : dims) {
                o.writeInt64(1, d);
            }
            o.writeInt32(2, 1);
            text(o, 8, name);
            o.writeByteArray(13, entry("location", location));
            o.writeByteArray(13, entry("offset", offset));
            o.writeInt32(14, 1);
        }));
    }

    static byte[] ints(String name, long... values) {
        return message(o -> {
            text(o, 1, name);
            for (long v : values) {
                o.writeInt64(8, v);
            }
        });
    }

    static byte[] integer(String name, long value) {
        return message(o -> {
            text(o, 1, name);
            o.writeInt64(3, value);
        });
    }

    byte[] bytes() {
        return message(o -> {
            o.writeInt64(1, 8);
            o.writeByteArray(7, graph.toByteArray());
            o.writeByteArray(8, message(s -> s.writeInt64(2, opset)));
        });
    }

    private static byte[] value(String name, int type, long... dims) {
        byte[] shape = message(o -> {
            for (long d : dims) {
                o.writeByteArray(1, message(e -> {
                    if (d == 0) {
                        text(e, 2, "N");
                    } else {
                        e.writeInt64(1, d);
                    }
                }));
            }
        });
        byte[] tensor = message(o -> {
            o.writeInt32(1, type);
            o.writeByteArray(2, shape);
        });
        return message(o -> {
            text(o, 1, name);
            o.writeByteArray(2, message(t -> t.writeByteArray(1, tensor)));
        });
    }

    private static byte[] entry(String key, String value) {
        return message(o -> {
            text(o, 1, key);
            text(o, 2, value);
        });
    }

    private TinyOnnx put(int field, byte[] value) {
        byte[] wrapped = message(o -> o.writeByteArray(field, value));
        graph.write(wrapped, 0, wrapped.length);
        return this;
    }

    private static void text(CodedOutputStream out, int field, String value) throws IOException {
        out.writeByteArray(field, value.getBytes(StandardCharsets.UTF_8));
    }

    interface Content {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            content.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
