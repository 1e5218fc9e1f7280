package quantscope.format.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.onnx.OnnxFile.TensorPart;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Loads tensors from where they lie in the file or beside it. Floating types become fp32 (fp16 and bf16 exactly,
 * double rounded to nearest), integers and truth values 64-bit integers.
 */
final class TensorLoader {

    /** Elements that are turned at a time: half a megabyte. */
    private static final int BLOCK = 1 << 17;

    private final Path model;
    private final ExternalData external;

    TensorLoader(Path model, ExternalData external) {
        this.model = model;
        this.external = external;
    }

    /** @throws ModelFormatException when size and shape do not fit, or the type cannot be read */
    Known load(TensorPart tensor) throws ModelFormatException, IOException {
        ElementType type = ElementType.of(tensor.type()).orElseThrow(() -> error(tensor, "element type "
                + tensor.type() + " of onnx.TensorProto cannot be read, expected a float, integer or bool type"));
        Shape shape = shape(tensor);
        int n = shape.size();
        long bytes = (long) n * type.bytes();
        if (tensor.isExternal()) {
            ExternalData.Stretch place = external.find(tensor.name(), tensor.external(), bytes);
            return raw(place.file(), List.of(place.span()), type, shape);
        }
        if (tensor.raw().isPresent()) {
            return raw(model, List.of(checked(tensor, bytes, shape, type)), type, shape);
        }
        List<Wire.Span> spans = tensor.typed().getOrDefault(type.typedField(), List.of());
        if (type == ElementType.FLOAT || type == ElementType.DOUBLE) {
            if (Wire.Span.total(spans) != bytes) {
                throw error(tensor, "holds " + Wire.Span.total(spans) / type.bytes() + " elements, expected " + n
                        + " for shape " + shape + "; export the model again");
            }
            return raw(model, spans, type, shape);
        }
        return varints(tensor, spans, type, shape);
    }

    private Shape shape(TensorPart tensor) throws ModelFormatException {
        long elements = 1;
        for (long d : tensor.dims()) {
            if (d < 0 || d > Integer.MAX_VALUE) {
                throw error(tensor, "shape " + tensor.dims() + " has an extent outside of 0 to 2147483647");
            }
            elements = d == 0 ? 0 : elements > Integer.MAX_VALUE / d ? Long.MAX_VALUE : elements * d;
            if (elements == Long.MAX_VALUE || tensor.dims().size() > 16) {
                throw error(tensor, "shape " + tensor.dims() + " is absurdly large; the file is damaged");
            }
        }
        return Shape.of(tensor.dims().stream().mapToInt(Math::toIntExact).toArray());
    }

    /** Whether {@link #loadTransposed} reads it. */
    static boolean isFloatMatrix(TensorPart tensor) {
        return tensor.type() == ElementType.FLOAT.number() && tensor.dims().size() == 2
                && (tensor.isExternal() || tensor.raw().isPresent());
    }

    /**
     * A matrix [rows,columns] as [columns,rows], read some rows at a time, so that it is in memory only once.
     *
     * @throws ModelFormatException when size and shape do not fit
     */
    FloatTensor loadTransposed(TensorPart tensor) throws ModelFormatException, IOException {
        Shape shape = shape(tensor);
        int rows = shape.dim(0);
        int columns = shape.dim(1);
        long bytes = shape.elements() * Float.BYTES;
        Path file = model;
        Wire.Span span;
        if (tensor.isExternal()) {
            ExternalData.Stretch place = external.find(tensor.name(), tensor.external(), bytes);
            file = place.file();
            span = place.span();
        } else {
            span = checked(tensor, bytes, shape, ElementType.FLOAT);
        }
        float[] data = new float[shape.size()];
        try (FileChannel channel = FileChannel.open(file)) {
            ByteSource source = new ByteSource(channel, List.of(span));
            int most = Math.clamp(BLOCK / Math.max(1, columns), 1, Math.max(1, rows));
            float[] block = new float[most * columns];
            for (int from = 0; from < rows && columns > 0; from += most) {
                block = rows - from < most ? new float[(rows - from) * columns] : block;
                source.floats(block);
                for (int c = 0; c < columns; c++) {
                    for (int i = c, to = c * rows + from; i < block.length; i += columns, to++) {
                        data[to] = block[i];
                    }
                }
            }
        }
        return new FloatTensor(Shape.of(columns, rows), data);
    }

    private Wire.Span checked(TensorPart tensor, long bytes, Shape shape, ElementType type) throws ModelFormatException {
        Wire.Span raw = tensor.raw().orElseThrow();
        if (raw.length() != bytes) {
            throw error(tensor, "holds " + raw.length() + " bytes, expected " + bytes + " for shape " + shape + " of " + type
                    + "; export the model again");
        }
        return raw;
    }

    private static Known raw(Path file, List<Wire.Span> spans, ElementType type, Shape shape) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (Wire.Span.total(spans) > channel.size()) {
                throw new IOException(file.getFileName() + " became shorter while it was read");
            }
            ByteSource source = new ByteSource(channel, spans);
            int n = shape.size();
            if (type == ElementType.FLOAT) {
                float[] data = new float[n];
                source.floats(data);
                return Known.of(new FloatTensor(shape, data));
            }
            if (type.floating()) {
                float[] data = new float[n];
                for (int i = 0; i < n; i++) {
                    data[i] = floating(type, source.need(type.bytes()));
                }
                return Known.of(new FloatTensor(shape, data));
            }
            long[] data = new long[n];
            for (int i = 0; i < n; i++) {
                data[i] = integer(type, source.need(type.bytes()));
            }
            return new Known.Longs(shape, data);
        }
    }

    private static float floating(ElementType type, ByteBuffer in) {
        return switch (type) {
            case FLOAT -> in.getFloat();
            case DOUBLE -> (float) in.getDouble();
            case FLOAT16 -> Float.float16ToFloat(in.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(in.getShort() << 16);
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64 ->
                    throw new IllegalStateException(type + " is not floating");
        };
    }

    private static long integer(ElementType type, ByteBuffer in) {
        return switch (type) {
            case UINT8 -> in.get() & 0xff;
            case INT8 -> in.get();
            case BOOL -> in.get() != 0 ? 1 : 0;
            case UINT16 -> in.getShort() & 0xffff;
            case INT16 -> in.getShort();
            case INT32 -> in.getInt();
            case UINT32 -> Integer.toUnsignedLong(in.getInt());
            case INT64, UINT64 -> in.getLong();
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> throw new IllegalStateException(type + " is floating");
        };
    }

    /** int32_data, int64_data and uint64_data: varints; half-precision floats are in there by their bits. */
    private Known varints(TensorPart tensor, List<Wire.Span> spans, ElementType type, Shape shape)
            throws ModelFormatException, IOException {
        int n = shape.size();
        if (Wire.Span.total(spans) < n) {
            throw error(tensor, "holds at most " + Wire.Span.total(spans) + " elements, expected " + n + " for shape "
                    + shape + "; export the model again");
        }
        try (FileChannel channel = FileChannel.open(model)) {
            ByteSource source = new ByteSource(channel, spans);
            if (type.floating()) {
                float[] data = new float[n];
                for (int i = 0; i < n; i++) {
                    short bits = (short) source.varint();
                    data[i] = type == ElementType.FLOAT16 ? Float.float16ToFloat(bits)
                            : Float.intBitsToFloat(bits << 16);
                }
                return Known.of(new FloatTensor(shape, data));
            }
            long[] data = new long[n];
            for (int i = 0; i < n; i++) {
                data[i] = source.varint();
            }
            return new Known.Longs(shape, data);
        } catch (EOFException e) {
            throw new ModelFormatException(model, tensor.name(), "holds fewer than the " + n + " elements of shape "
                    + shape + "; export the model again", e);
        }
    }

    private ModelFormatException error(TensorPart tensor, String detail) {
        return new ModelFormatException(model, tensor.name().isEmpty() ? "a tensor" : tensor.name(), detail);
    }
}
