package quantscope.format.fold;

import java.util.Arrays;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Tensors made from nothing but a shape or a range. */
public final class Making {

    private Making() { }

    /** full and ConstantOfShape: every element is the given scalar (one element of either type). */
    public static Known full(long[] dims, Known value) {
        return full(dims, value, 0);
    }

    /** The same up to a size that the caller answers for. */
    public static Known full(long[] dims, Known value, long most) {
        if (value.shape().elements() != 1) {
            throw new FoldException("the value to fill with has shape " + value.shape() + ", expected one element");
        }
        Shape shape = Extents.result(dims, most);
        return switch (value) {
            case Known.Floats f -> {
                float[] data = new float[shape.size()];
                Arrays.fill(data, f.tensor().data()[0]);
                yield Known.of(new FloatTensor(shape, data));
            }
            case Known.Longs l -> {
                long[] data = new long[shape.size()];
                Arrays.fill(data, l.data()[0]);
                yield new Known.Longs(shape, data);
            }
        };
    }

    /** The shape of a tensor, as integers [rank]. */
    public static Known.Longs shapeOf(Shape shape) {
        return Known.Longs.of(shape.dims().stream().mapToLong(Integer::longValue).toArray());
    }

    /** start, start + step, ... below (above for a negative step) the limit, as integers. */
    public static Known range(long start, long limit, long step) {
        if (step == 0) {
            throw new FoldException("range with step 0");
        }
        double steps = Math.ceil(((double) limit - start) / step);
        Shape shape = Extents.result(new long[] {(long) Math.max(0, steps)}, 0);
        long[] data = new long[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = start + i * step;
        }
        return new Known.Longs(shape, data);
    }
}
