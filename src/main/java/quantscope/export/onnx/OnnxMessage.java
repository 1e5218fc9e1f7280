package quantscope.export.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * One protobuf message under construction, by field numbers of onnx.proto. Nested messages are joined as ropes, so
 * large weights are not copied.
 */
final class OnnxMessage {

    private static final int WIRE_VARINT = 0;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_FIXED32 = 5;
    private static final int FLOAT = 1;

    private ByteString bytes = ByteString.EMPTY;

    OnnxMessage integer(int field, long value) {
        append(varint(key(field, WIRE_VARINT)));
        append(varint(value));
        return this;
    }

    OnnxMessage floating(int field, float value) {
        append(varint(key(field, WIRE_FIXED32)));
        append(little(4).putFloat(value));
        return this;
    }

    OnnxMessage text(int field, String value) {
        return bytes(field, ByteString.copyFromUtf8(value));
    }

    OnnxMessage message(int field, OnnxMessage value) {
        return bytes(field, value.bytes);
    }

    /** A TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
    static OnnxMessage tensor(String name, FloatTensor tensor) {
        ByteBuffer raw = little(Math.multiplyExact(4, tensor.data().length));
        raw.asFloatBuffer().put(tensor.data());
        return tensor(name, FLOAT, tensor.shape(), raw.array());
    }

    /** A TensorProto of any data type, with its little-endian bytes. */
    static OnnxMessage tensor(String name, int dataType, Shape shape, byte[] raw) {
        OnnxMessage message = new OnnxMessage();
        shape.dims().forEach(d -> message.integer(1, d));
        return message.integer(2, dataType).text(8, name).bytes(9, UnsafeByteOperations.unsafeWrap(raw));
    }

    /** A ValueInfoProto of an fp32 tensor; an extent below 1 is the open batch "N". */
    static OnnxMessage value(String name, int... extents) {
        OnnxMessage shape = new OnnxMessage();
        for (int extent : extents) {
            OnnxMessage dimension = new OnnxMessage();
            shape.message(1, extent < 1 ? dimension.text(2, "N") : dimension.integer(1, extent));
        }
        OnnxMessage tensorType = new OnnxMessage().integer(1, FLOAT).message(2, shape);
        return new OnnxMessage().text(1, name).message(2, new OnnxMessage().message(1, tensorType));
    }

    void writeTo(OutputStream out) throws IOException {
        bytes.writeTo(out);
    }

    private OnnxMessage bytes(int field, ByteString value) {
        append(varint(key(field, WIRE_BYTES)));
        append(varint(value.size()));
        bytes = bytes.concat(value);
        return this;
    }

    private void append(ByteBuffer small) {
        bytes = bytes.concat(ByteString.copyFrom(small.flip()));
    }

    private static int key(int field, int wireType) {
        return field << 3 | wireType;
    }

    private static ByteBuffer varint(long value) {
        ByteBuffer buffer = ByteBuffer.allocate(CodedOutputStream.computeUInt64SizeNoTag(value));
        for (long rest = value; ; rest >>>= 7) {
            if ((rest & ~0x7fL) == 0) {
                return buffer.put((byte) rest);
            }
            buffer.put((byte) (rest & 0x7f | 0x80));
        }
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
