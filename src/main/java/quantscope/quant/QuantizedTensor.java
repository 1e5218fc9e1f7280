package quantscope.quant;

import java.util.Objects;
import quantscope.tensor.Shape;

/**
 * An 8-bit tensor, row-major: real = (level - zeroPoint) * scale. The array is shared, not copied: whoever makes a
 * tensor gives it away, and nobody writes to it afterwards.
 */
public final class QuantizedTensor {

    private final Shape shape;
    private final byte[] levels;
    private final QuantParams params;

    /**
     * @param levels quint8 as unsigned bytes, qint8 as signed bytes
     * @throws IllegalArgumentException when the number of levels is not the shape's
     */
    public QuantizedTensor(Shape shape, byte[] levels, QuantParams params) {
        this.shape = Objects.requireNonNull(shape);
        this.levels = Objects.requireNonNull(levels);
        this.params = Objects.requireNonNull(params);
        if (shape.elements() != levels.length) {
            throw new IllegalArgumentException("shape " + shape + " does not hold " + levels.length + " levels");
        }
    }

    public Shape shape() {
        return shape;
    }

    /** The levels, shared: to be read only. */
    public byte[] levels() {
        return levels;
    }

    public QuantParams params() {
        return params;
    }

    /** The level of an element: 0..255 or -128..127. */
    public int level(int index) {
        return params.dtype() == QuantDtype.QUINT8 ? levels[index] & 0xff : levels[index];
    }
}
