package quantscope.format.onnx;

import java.util.Arrays;
import java.util.Optional;

/** TensorProto.DataType, as far as tensors of it can be read. */
enum ElementType {
    FLOAT(1, 4, 4), UINT8(2, 1, 5), INT8(3, 1, 5), UINT16(4, 2, 5), INT16(5, 2, 5), INT32(6, 4, 5), INT64(7, 8, 7),
    BOOL(9, 1, 5), FLOAT16(10, 2, 5), DOUBLE(11, 8, 10), UINT32(12, 4, 11), UINT64(13, 8, 11), BFLOAT16(16, 2, 5);

    private final int number;
    private final int bytes;
    private final int typedField;

    ElementType(int number, int bytes, int typedField) {
        this.number = number;
        this.bytes = bytes;
        this.typedField = typedField;
    }

    static Optional<ElementType> of(int number) {
        return Arrays.stream(values()).filter(t -> t.number == number).findFirst();
    }

    /** Of TensorProto.DataType. */
    int number() {
        return number;
    }

    /** Of one element in raw data. */
    int bytes() {
        return bytes;
    }

    /** The TensorProto field that holds elements of this type where raw_data is not used. */
    int typedField() {
        return typedField;
    }

    boolean floating() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64 -> false;
        };
    }

    /** The smallest integer. */
    long least() {
        return switch (this) {
            case INT8 -> Byte.MIN_VALUE;
            case INT16 -> Short.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            case INT64 -> Long.MIN_VALUE;
            case UINT8, UINT16, UINT32, UINT64, BOOL -> 0;
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> throw new IllegalStateException(this + " is floating");
        };
    }

    /** The largest integer; of UINT64 the largest that a long holds. */
    long largest() {
        return switch (this) {
            case BOOL -> 1;
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> 255;
            case INT16 -> Short.MAX_VALUE;
            case UINT16 -> 65_535;
            case INT32 -> Integer.MAX_VALUE;
            case UINT32 -> 4_294_967_295L;
            case INT64, UINT64 -> Long.MAX_VALUE;
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> throw new IllegalStateException(this + " is floating");
        };
    }
}
