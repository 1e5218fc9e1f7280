package quantscope.format.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import quantscope.format.ModelFormatException;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * A tensor that lies in a file: a view of a stretch of elements, as PyTorch's tensors are views of storages.
 *
 * @param data    the storage
 * @param offset  of the first element in the storage, in elements
 * @param strides in elements, one for each axis
 */
public record StoredTensor(ByteRange data, ElementType type, ByteOrder order, long offset, Shape shape,
                           List<Long> strides) {

    private static final int CHUNK = 1 << 18;
    private static final int MOST_AXES = 16;
    /** First and last element, so that what lies between them fits an array. */
    private static final int MOST_APART = Integer.MAX_VALUE - 16;

    public StoredTensor {
        strides = List.copyOf(strides);
    }

    /**
     * A tensor whose elements all lie in its storage.
     *
     * @param file    for messages, as is
     * @param name    the tensor's
     * @param sizes   of its axes
     * @throws ModelFormatException where they do not
     */
    public static StoredTensor of(Path file, String name, ByteRange data, ElementType type, ByteOrder order, long offset,
                                  long[] sizes, long[] strides) throws ModelFormatException {
        if (sizes.length != strides.length || sizes.length > MOST_AXES) {
            throw new ModelFormatException(file, name, "has " + sizes.length + " axes and " + strides.length
                    + " strides, expected as many of both and no more than " + MOST_AXES + "; save it again");
        }
        long held = data.length() / type.bytes();
        long elements = 1;
        long last = offset;
        boolean fits = offset >= 0;
        for (int i = 0; i < sizes.length && fits; i++) {
            fits = sizes[i] >= 0 && sizes[i] <= Integer.MAX_VALUE && strides[i] >= 0;
            // Nothing beyond what the storage holds is computed on, so nothing overflows; stride 0 repeats elements.
            if (fits && sizes[i] > 1 && strides[i] > 0) {
                fits = sizes[i] - 1 <= held / strides[i];
                last += fits ? (sizes[i] - 1) * strides[i] : 0;
                fits &= last >= 0;
            }
            if (fits) {
                elements = sizes[i] == 0 ? 0 : Math.multiplyHigh(elements, sizes[i]) != 0 ? Long.MAX_VALUE
                        : elements * sizes[i];
                fits = elements <= MOST_APART;
            }
        }
        if (!fits || elements > 0 && (last >= held || last - offset > MOST_APART)) {
            throw new ModelFormatException(file, name, "shape " + Arrays.toString(sizes) + " with strides "
                    + Arrays.toString(strides) + " from element " + offset + " does not fit the " + held
                    + " elements of " + type + " stored for it; the file is damaged, save it again");
        }
        return new StoredTensor(data, type, order, offset,
                Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray()),
                LongStream.of(strides).boxed().toList());
    }

    /** Row-major strides. */
    public static long[] contiguous(long[] sizes) {
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            // A hostile extent may overflow here; it is refused by its size before the stride is used.
            step *= Math.max(1, sizes[axis]);
        }
        return strides;
    }

    /** Reads it as fp32, row-major. */
    FloatTensor load() throws IOException {
        float[] out = new float[shape.size()];
        if (out.length == 0) {
            return new FloatTensor(shape, out);
        }
        long last = offset;
        for (int axis = 0; axis < shape.rank(); axis++) {
            last += (shape.dim(axis) - 1L) * strides.get(axis);
        }
        boolean plain = isContiguous();
        float[] stretch = plain ? out : new float[Math.toIntExact(last - offset + 1)];
        read(stretch);
        if (!plain) {
            gather(stretch, out);
        }
        return new FloatTensor(shape, out);
    }

    private boolean isContiguous() {
        long step = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (shape.dim(axis) != 1 && strides.get(axis) != step) {
                return false;
            }
            step *= shape.dim(axis);
        }
        return true;
    }

    private void read(float[] stretch) throws IOException {
        int perChunk = CHUNK / type.bytes();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, (long) stretch.length * type.bytes())).order(order);
        try (InputStream in = data.open(offset * type.bytes())) {
            for (int done = 0; done < stretch.length; done += perChunk) {
                int count = Math.min(perChunk, stretch.length - done);
                chunk.clear().limit(count * type.bytes());
                ByteRange.fill(in, chunk);
                type.read(chunk.flip(), stretch, done, count);
            }
        }
    }

    private void gather(float[] stretch, float[] out) {
        int rank = shape.rank();
        int[] index = new int[rank];
        long at = 0;
        for (int i = 0; i < out.length; i++) {
            out[i] = stretch[(int) at];
            for (int axis = rank - 1; axis >= 0; axis--) {
                at += strides.get(axis);
                if (++index[axis] < shape.dim(axis)) {
                    break;
                }
                at -= index[axis] * strides.get(axis);
                index[axis] = 0;
            }
        }
    }
}
