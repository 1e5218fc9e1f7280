package quantscope.format.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, as no friendly program would. */
final class PickleBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleBytes() {
        op(0x80).raw(2);
    }

    PickleBytes op(int opcode) {
        out.write(opcode);
        return this;
    }

    PickleBytes raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    PickleBytes i32(long value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
        return this;
    }

    PickleBytes i64(long value) {
        out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    PickleBytes global(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PickleBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        op('X').i32(bytes.length).out.writeBytes(bytes);
        return this;
    }

    /** As Python 2 wrote texts. */
    PickleBytes oldText(String text) {
        op('U').raw(text.length()).out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleBytes number(int value) {
        return op('J').i32(value);
    }

    PickleBytes tuple(int... values) {
        op('(');
        for (int value : values) {
            number(value);
        }
        return op('t');
    }

    PickleBytes storage(String type, String key, int elements) {
        return op('(').text("storage").global("torch", type).text(key).text("cpu").number(elements).op('t').op('Q');
    }

    /** {name: tensor of shape [sizes]}, with everything as given. */
    PickleBytes tensor(String key, int elements, int offset, int[] sizes, int[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2").op('(').storage("FloatStorage", key, elements).number(offset)
                .tuple(sizes).tuple(strides).op(0x89).op('N').op('t').op('R');
    }

    byte[] stop() {
        op('.');
        return out.toByteArray();
    }
}
