package quantscope.format.state;

import java.nio.ByteBuffer;

/** Of what a stored tensor consists; bits as IEEE 754 and two's complement have them. */
public enum ElementType {
    FLOAT16(2), BFLOAT16(2), FLOAT32(4), FLOAT64(8), INT8(1), UINT8(1), INT16(2), UINT16(2), INT32(4), UINT32(4),
    INT64(8), UINT64(8), BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Of one element. */
    public int bytes() {
        return bytes;
    }

    /**
     * Reads elements as fp32: fp16 and bf16 exactly, double and integers rounded to nearest, truth values as 0 and 1.
     *
     * @param in in the elements' byte order; its position moves on
     */
    void read(ByteBuffer in, float[] out, int from, int count) {
        if (this == FLOAT32) {
            in.asFloatBuffer().get(out, from, count);
            in.position(in.position() + count * bytes);
            return;
        }
        for (int i = from; i < from + count; i++) {
            out[i] = next(in);
        }
    }

    private float next(ByteBuffer in) {
        return switch (this) {
            case FLOAT32 -> in.getFloat();
            case FLOAT64 -> (float) in.getDouble();
            case FLOAT16 -> Float.float16ToFloat(in.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(in.getShort() << 16);
            case INT8 -> in.get();
            case UINT8 -> in.get() & 0xff;
            case INT16 -> in.getShort();
            case UINT16 -> in.getShort() & 0xffff;
            case INT32 -> in.getInt();
            case UINT32 -> Integer.toUnsignedLong(in.getInt());
            case INT64 -> in.getLong();
            case UINT64 -> unsigned(in.getLong());
            case BOOL -> in.get() != 0 ? 1 : 0;
        };
    }

    /** Halved with its last bit kept sticky, so that it is rounded once. */
    private static float unsigned(long x) {
        return x >= 0 ? x : 2 * (float) (x >>> 1 | x & 1);
    }
}
