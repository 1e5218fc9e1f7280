package quantscope.format.pt2;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.UnaryOperator;
import quantscope.format.fold.Known;
import quantscope.tensor.FloatTensor;

/** The element types of torch._export.serde.schema.ScalarType that weights may have. */
enum Dtype {
    UINT8(1, 1), INT8(2, 1), INT16(3, 2), INT32(4, 4), INT64(5, 8), FLOAT16(6, 2), FLOAT32(7, 4), FLOAT64(8, 8),
    BOOL(12, 1), BFLOAT16(13, 2);

    private final int number;
    private final int bytes;

    Dtype(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    static Optional<Dtype> of(int number) {
        for (Dtype dtype : values()) {
            if (dtype.number == number) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    int bytes() {
        return bytes;
    }

    boolean floating() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
    }

    /** A tensor converted to this type, kept as fp32 or integers: rounded or truncated as PyTorch's to(). */
    Known cast(Known x) {
        return switch (this) {
            case FLOAT32, FLOAT64 -> Known.of(x.floats());
            case FLOAT16 -> rounded(x, v -> Float.float16ToFloat(Float.floatToFloat16(v)));
            case BFLOAT16 -> rounded(x, Dtype::toBfloat16);
            case BOOL -> x.booleans();
            case UINT8, INT8, INT16, INT32, INT64 -> x.longs();
        };
    }

    /** Round to nearest, ties to even, to 8 significant bits. */
    private static float toBfloat16(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.isNaN(x) ? x : Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
    }

    private static Known rounded(Known x, UnaryOperator<Float> f) {
        float[] out = x.floats().data().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = f.apply(out[i]);
        }
        return Known.of(new FloatTensor(x.shape(), out));
    }

    /** Element i as fp32, rounded to nearest. */
    float floatAt(ByteBuffer data, int i) {
        return switch (this) {
            case FLOAT32 -> data.getFloat(4 * i);
            case FLOAT64 -> (float) data.getDouble(8 * i);
            case FLOAT16 -> Float.float16ToFloat(data.getShort(2 * i));
            case BFLOAT16 -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
            case UINT8, INT8, INT16, INT32, INT64, BOOL -> longAt(data, i);
        };
    }

    /** Element i of an integer type. */
    long longAt(ByteBuffer data, int i) {
        return switch (this) {
            case UINT8, BOOL -> data.get(i) & 0xff;
            case INT8 -> data.get(i);
            case INT16 -> data.getShort(2 * i);
            case INT32 -> data.getInt(4 * i);
            case INT64 -> data.getLong(8 * i);
            case FLOAT16, FLOAT32, FLOAT64, BFLOAT16 -> (long) floatAt(data, i);
        };
    }
}
