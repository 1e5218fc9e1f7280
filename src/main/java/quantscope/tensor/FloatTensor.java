package quantscope.tensor;

import java.util.Objects;

/**
 * An fp32 tensor, row-major and contiguous.
 *
 * <p>The array is shared, not copied: weights may be hundreds of megabytes. Whoever makes a tensor
 * gives the array away, and nobody writes to it afterwards.
 */
public final class FloatTensor {

    private final Shape shape;
    private final float[] data;

    /** @throws IllegalArgumentException when the array's length is not the shape's number of elements */
    public FloatTensor(Shape shape, float[] data) {
        this.shape = Objects.requireNonNull(shape);
        this.data = Objects.requireNonNull(data);
        if (shape.elements() != data.length) {
            throw new IllegalArgumentException("shape " + shape + " does not hold " + data.length + " elements");
        }
    }

    public static FloatTensor of(Shape shape, float... data) {
        return new FloatTensor(shape, data);
    }

    /** A vector [n]. */
    public static FloatTensor vector(float... data) {
        return new FloatTensor(Shape.of(data.length), data);
    }

    public static FloatTensor zeros(Shape shape) {
        return new FloatTensor(shape, new float[shape.size()]);
    }

    public Shape shape() {
        return shape;
    }

    /** The elements, shared: to be read only. */
    public float[] data() {
        return data;
    }

    /** The same elements in another shape of the same size. */
    public FloatTensor reshaped(Shape other) {
        return new FloatTensor(other, data);
    }

    @Override
    public String toString() {
        return "FloatTensor" + shape;
    }
}
