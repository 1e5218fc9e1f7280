package quantscope.format.fold;

import java.util.Objects;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A tensor that depends on parameters and constants alone. */
public sealed interface Known {

    Shape shape();

    /** fp32 numbers. */
    record Floats(FloatTensor tensor) implements Known {

        public Floats {
            Objects.requireNonNull(tensor);
        }

        @Override
        public Shape shape() {
            return tensor.shape();
        }
    }

    /**
     * Integers of any width, and truth values as 0 and 1: shapes, axes, indices, conditions.
     *
     * @param data row-major, shared: to be read only
     */
    record Longs(Shape shape, long[] data) implements Known {

        public Longs {
            if (shape.elements() != data.length) {
                throw new IllegalArgumentException("shape " + shape + " does not hold " + data.length + " elements");
            }
        }

        /** A vector [n]. */
        public static Longs of(long... values) {
            return new Longs(Shape.of(values.length), values);
        }

        /** A scalar. */
        public static Longs scalar(long value) {
            return new Longs(Shape.of(), new long[] {value});
        }
    }

    static Floats of(FloatTensor tensor) {
        return new Floats(tensor);
    }

    static Floats scalar(float value) {
        return new Floats(FloatTensor.of(Shape.of(), value));
    }

    /** As fp32, rounded to nearest. */
    default FloatTensor floats() {
        return switch (this) {
            case Floats f -> f.tensor();
            case Longs l -> {
                float[] out = new float[l.data.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = l.data[i];
                }
                yield new FloatTensor(l.shape, out);
            }
        };
    }

    /** As integers, truncated towards zero as a cast does. */
    default Longs longs() {
        return switch (this) {
            case Longs l -> l;
            case Floats f -> {
                float[] data = f.tensor().data();
                long[] out = new long[data.length];
                for (int i = 0; i < out.length; i++) {
                    out[i] = (long) data[i];
                }
                yield new Longs(f.shape(), out);
            }
        };
    }

    /** As truth values: 1 where not zero. */
    default Longs booleans() {
        long[] out = new long[shape().size()];
        switch (this) {
            case Longs l -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = l.data[i] != 0 ? 1 : 0;
                }
            }
            case Floats f -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = f.tensor().data()[i] != 0 ? 1 : 0;
                }
            }
        }
        return new Longs(shape(), out);
    }

    /** The same elements in another shape of the same size. */
    default Known reshaped(Shape other) {
        return switch (this) {
            case Floats f -> new Floats(f.tensor().reshaped(other));
            case Longs l -> new Longs(other, l.data);
        };
    }
}
