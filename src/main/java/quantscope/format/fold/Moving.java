package quantscope.format.fold;

import java.util.Arrays;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Operations that move elements and change shapes. Axes may be negative, -1 being the last. */
public final class Moving {

    private Moving() { }

    /**
     * ONNX Reshape and view: an extent of -1 is what remains, 0 copies the input's extent where {@code zeroCopies}.
     *
     * @throws FoldException when the sizes do not fit
     */
    public static Shape reshapedShape(Shape from, long[] target, boolean zeroCopies) {
        long[] dims = target.clone();
        int open = -1;
        long known = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0 && zeroCopies) {
                if (i >= from.rank()) {
                    throw new FoldException("extent 0 at axis " + i + " has nothing to copy from " + from);
                }
                dims[i] = from.dim(i);
            }
            if (dims[i] == -1 && open < 0) {
                open = i;
            } else if (dims[i] < 0 || dims[i] > Integer.MAX_VALUE) {
                throw new FoldException("cannot reshape " + from + " to " + Arrays.toString(target));
            } else {
                known = Math.min(known * dims[i], Integer.MAX_VALUE + 1L);
            }
        }
        if (open >= 0) {
            dims[open] = known == 0 ? 0 : from.elements() / known;
            known *= dims[open];
        }
        if (known != from.elements()) {
            throw new FoldException("cannot reshape " + from + " to " + Arrays.toString(target));
        }
        return Extents.result(dims, from.elements());
    }

    public static Known reshape(Known x, long[] target, boolean zeroCopies) {
        return x.reshaped(reshapedShape(x.shape(), target, zeroCopies));
    }

    /** torch.flatten: joins the axes from start to end, both inclusive. */
    public static Known flatten(Known x, int start, int end) {
        Shape shape = x.shape();
        if (shape.rank() == 0) {
            return x.reshaped(Shape.of(1));
        }
        int first = Extents.axis(start, shape.rank());
        int last = Extents.axis(end, shape.rank());
        if (first > last) {
            throw new FoldException("cannot flatten " + shape + " from axis " + start + " to " + end);
        }
        long[] dims = new long[shape.rank() - (last - first)];
        Arrays.fill(dims, 1);
        for (int i = 0; i < shape.rank(); i++) {
            dims[i < first ? i : i <= last ? first : i - (last - first)] *= shape.dim(i);
        }
        return reshape(x, dims, false);
    }

    /** @param order result axis i is input axis order[i]; a permutation of all axes */
    public static Known transpose(Known x, int... order) {
        Shape shape = x.shape();
        int[] strides = Extents.strides(shape);
        long[] dims = new long[shape.rank()];
        int[] walk = new int[shape.rank()];
        Set<Integer> seen = new TreeSet<>();
        if (order.length != shape.rank()) {
            throw new FoldException("permutation " + Arrays.toString(order) + " does not fit " + shape);
        }
        for (int i = 0; i < order.length; i++) {
            int axis = Extents.axis(order[i], shape.rank());
            if (!seen.add(axis)) {
                throw new FoldException(Arrays.toString(order) + " is not a permutation");
            }
            dims[i] = shape.dim(axis);
            walk[i] = strides[axis];
        }
        return pick(x, Extents.result(dims, shape.elements()), 0, walk);
    }

    /** Numpy's broadcast_to. */
    public static Known expand(Known x, Shape target) {
        if (x.shape().equals(target)) {
            return x;
        }
        if (!Extents.broadcast(x.shape(), target).equals(target)) {
            throw new FoldException("cannot expand " + x.shape() + " to " + target);
        }
        return pick(x, target, 0, Extents.broadcastStrides(x.shape(), target));
    }

    /** torch's expand and ONNX Expand: -1 keeps the input's extent, both sides broadcast. */
    public static Known expand(Known x, long[] target) {
        long[] dims = target.clone();
        for (int i = 1; i <= dims.length; i++) {
            if (dims[dims.length - i] == -1 && i <= x.shape().rank()) {
                dims[dims.length - i] = x.shape().dim(-i);
            }
        }
        return expand(x, Extents.broadcast(x.shape(), Extents.result(dims, x.shape().elements())));
    }

    /** Inserts axes of extent 1 at these places of the result. */
    public static Known unsqueeze(Known x, long... axes) {
        return x.reshaped(unsqueezedShape(x.shape(), axes));
    }

    /** The shape of {@link #unsqueeze}. */
    public static Shape unsqueezedShape(Shape shape, long... axes) {
        int rank = shape.rank() + axes.length;
        Set<Integer> inserted = new TreeSet<>();
        for (long axis : axes) {
            if (!inserted.add(Extents.axis(axis, rank))) {
                throw new FoldException("axis " + axis + " is inserted twice");
            }
        }
        int[] dims = new int[rank];
        for (int i = 0, from = 0; i < rank; i++) {
            dims[i] = inserted.contains(i) ? 1 : shape.dim(from++);
        }
        return Shape.of(dims);
    }

    /** Drops these axes, which have extent 1; none given: all of extent 1. */
    public static Known squeeze(Known x, long... axes) {
        return x.reshaped(squeezedShape(x.shape(), axes));
    }

    /** The shape of {@link #squeeze}. */
    public static Shape squeezedShape(Shape shape, long... axes) {
        Set<Integer> dropped = new TreeSet<>();
        for (long a : axes) {
            int axis = Extents.axis(a, shape.rank());
            if (shape.dim(axis) != 1) {
                throw new FoldException("cannot squeeze axis " + a + " of " + shape);
            }
            dropped.add(axis);
        }
        return Shape.of(IntStream.range(0, shape.rank())
                .filter(i -> axes.length == 0 ? shape.dim(i) != 1 : !dropped.contains(i))
                .map(shape::dim).toArray());
    }

    /** Joins along an axis; the result is fp32 as soon as one part is. */
    public static Known concat(List<Known> parts, long axis) {
        if (parts.isEmpty()) {
            throw new FoldException("nothing to join");
        }
        Shape first = parts.getFirst().shape();
        int along = Extents.axis(axis, first.rank());
        long[] dims = first.dims().stream().mapToLong(Integer::longValue).toArray();
        dims[along] = 0;
        long elements = 0;
        for (Known part : parts) {
            Shape shape = part.shape();
            if (shape.rank() != first.rank() || !shape.with(along, 0).equals(first.with(along, 0))) {
                throw new FoldException("cannot join " + shape + " to " + first + " along axis " + axis);
            }
            dims[along] += shape.dim(along);
            elements += shape.elements();
        }
        Shape shape = Extents.result(dims, elements);
        int inner = first.dims().subList(along + 1, first.rank()).stream().reduce(1, (p, q) -> p * q);
        int outer = first.dims().subList(0, along).stream().reduce(1, (p, q) -> p * q);
        boolean longs = parts.stream().allMatch(p -> p instanceof Known.Longs);
        Object out = longs ? new long[shape.size()] : new float[shape.size()];
        int at = 0;
        for (Known part : parts) {
            Object data = longs ? part.longs().data() : part.floats().data();
            int run = part.shape().dim(along) * inner;
            for (int o = 0; o < outer; o++) {
                System.arraycopy(data, o * run, out, at + o * shape.dim(along) * inner, run);
            }
            at += run;
        }
        return out instanceof long[] l ? new Known.Longs(shape, l) : Known.of(new FloatTensor(shape, (float[]) out));
    }

    /** x[start:end:step] along an axis by Python's rules; the step is not 0. */
    public static Known slice(Known x, long axis, long start, long end, long step) {
        int along = Extents.axis(axis, x.shape().rank());
        int extent = x.shape().dim(along);
        if (step == 0 || step == Long.MIN_VALUE) {
            throw new FoldException("slice with step " + step);
        }
        long from = Math.clamp(start < 0 ? start + extent : start, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1L);
        long to = Math.clamp(end < 0 ? Math.max(end, -extent - 1L) + extent : end, step > 0 ? 0 : -1,
                step > 0 ? extent : extent - 1L);
        long span = step > 0 ? to - from : from - to;
        long size = Math.abs(step);
        long count = span <= 0 ? 0 : (span - 1) / size + 1;
        int[] strides = Extents.strides(x.shape());
        int offset = count == 0 ? 0 : (int) from * strides[along];
        strides[along] = count < 2 ? 0 : Math.toIntExact(step * strides[along]);
        return pick(x, x.shape().with(along, (int) count), offset, strides);
    }

    /** ONNX Gather: the slices at the indices (negative from the end) along an axis, in the indices' shape. */
    public static Known gather(Known x, Known indices, long axis) {
        int along = Extents.axis(axis, x.shape().rank());
        int extent = x.shape().dim(along);
        long[] index = indices.longs().data();
        for (long i : index) {
            if (i < -extent || i >= extent) {
                throw new FoldException("index " + i + " is outside of axis " + along + " of " + x.shape());
            }
        }
        long[] dims = new long[x.shape().rank() - 1 + indices.shape().rank()];
        for (int i = 0; i < dims.length; i++) {
            int r = indices.shape().rank();
            dims[i] = i < along ? x.shape().dim(i)
                    : i < along + r ? indices.shape().dim(i - along) : x.shape().dim(i - r + 1);
        }
        Shape shape = Extents.result(dims, x.shape().elements());
        int inner = x.shape().dims().subList(along + 1, x.shape().rank()).stream().reduce(1, (p, q) -> p * q);
        PrimitiveIterator.OfInt positions = IntStream.range(0, shape.size()).iterator();
        return pick(x, shape, () -> {
            int i = positions.nextInt();
            long chosen = index[i / inner % index.length];
            int outer = i / inner / index.length;
            return (outer * extent + (int) (chosen < 0 ? chosen + extent : chosen)) * inner + i % inner;
        });
    }

    private static Known pick(Known x, Shape shape, int start, int[] strides) {
        return pick(x, shape, new Walk(shape, start, strides)::next);
    }

    private static Known pick(Known x, Shape shape, IntSupplier offsets) {
        return switch (x) {
            case Known.Floats f -> {
                float[] out = new float[shape.size()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = f.tensor().data()[offsets.getAsInt()];
                }
                yield Known.of(new FloatTensor(shape, out));
            }
            case Known.Longs l -> {
                long[] out = new long[shape.size()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = l.data()[offsets.getAsInt()];
                }
                yield new Known.Longs(shape, out);
            }
        };
    }
}
