package quantscope.export.onnx;

import java.nio.ByteBuffer;
import java.util.List;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** An ONNX GraphProto under construction; every value has a name. */
final class OnnxGraph {

    /** Of TensorProto. */
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int INT32 = 6;
    private static final int INT64 = 7;

    /** Of AttributeProto. */
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int INTS = 7;

    private final OnnxMessage message = new OnnxMessage();
    private long weightBytes;

    /** Appends a node with one output. */
    void node(String operator, String output, List<String> inputs, OnnxMessage... attributes) {
        OnnxMessage node = new OnnxMessage();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(3, output).text(4, operator);
        for (OnnxMessage attribute : attributes) {
            node.message(5, attribute);
        }
        message.message(1, node);
    }

    /** @return the name */
    String floats(String name, FloatTensor tensor) {
        weightBytes += 4 * tensor.shape().elements();
        message.message(5, OnnxMessage.tensor(name, tensor));
        return name;
    }

    /** A scalar, or one number for each channel. */
    String floats(String name, boolean scalar, float... values) {
        return floats(name, new FloatTensor(scalar ? Shape.of() : Shape.of(values.length), values));
    }

    String bytes(String name, boolean signed, Shape shape, byte[] values) {
        return add(name, signed ? INT8 : UINT8, shape, values);
    }

    String ints(String name, boolean scalar, int... values) {
        ByteBuffer raw = OnnxMessage.little(4 * values.length);
        raw.asIntBuffer().put(values);
        return add(name, INT32, scalar ? Shape.of() : Shape.of(values.length), raw.array());
    }

    String longs(String name, long... values) {
        ByteBuffer raw = OnnxMessage.little(8 * values.length);
        raw.asLongBuffer().put(values);
        return add(name, INT64, Shape.of(values.length), raw.array());
    }

    private String add(String name, int type, Shape shape, byte[] raw) {
        weightBytes += raw.length;
        message.message(5, OnnxMessage.tensor(name, type, shape, raw));
        return name;
    }

    /** An fp32 input; an extent below 1 is the open batch. */
    void input(String name, int... extents) {
        message.message(11, OnnxMessage.value(name, extents));
    }

    void output(String name, int... extents) {
        message.message(12, OnnxMessage.value(name, extents));
    }

    /** Bytes of all constants. */
    long weightBytes() {
        return weightBytes;
    }

    OnnxMessage named(String name) {
        return message.text(2, name);
    }

    static OnnxMessage number(String name, float value) {
        return new OnnxMessage().text(1, name).floating(2, value).integer(20, FLOAT);
    }

    static OnnxMessage number(String name, int value) {
        return new OnnxMessage().text(1, name).integer(3, value).integer(20, INT);
    }

    static OnnxMessage text(String name, String value) {
        return new OnnxMessage().text(1, name).text(4, value).integer(20, STRING);
    }

    static OnnxMessage numbers(String name, int... values) {
        OnnxMessage attribute = new OnnxMessage().text(1, name);
        for (int value : values) {
            attribute.integer(8, value);
        }
        return attribute.integer(20, INTS);
    }
}
