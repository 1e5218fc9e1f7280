package quantscope.kernel.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.PoolShape;
import quantscope.kernel.scalar.PoolWindow;

/** Largest element of each window, for a vector of a pixel's channels at a time; a NaN always wins. */
final class MaxPoolKernel implements Kernel {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> B = ByteVector.SPECIES_PREFERRED;

    private final PoolShape shape;
    private final PoolWindow rows;
    private final PoolWindow columns;
    private final boolean int8;

    MaxPoolKernel(PoolShape shape, boolean int8) {
        this.shape = shape;
        this.rows = PoolWindow.rows(shape);
        this.columns = PoolWindow.columns(shape);
        this.int8 = int8;
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        int to = output;
        for (int y = 0; y < shape.outHeight(); y++) {
            for (int x = 0; x < shape.outWidth(); x++, to += shape.channels()) {
                if (int8) {
                    levels(memory.bytes(), inputs[0], y, x, to);
                } else {
                    floats(memory.floats(), inputs[0], y, x, to);
                }
            }
        }
    }

    private void levels(byte[] data, int in, int y, int x, int to) {
        int n = shape.channels();
        for (int c = 0; c < n; c += B.length()) {
            VectorMask<Byte> some = B.indexInRange(c, n);
            ByteVector largest = ByteVector.zero(B);
            for (int i = 0; i < rows.count(y); i++) {
                for (int j = 0; j < columns.count(x); j++) {
                    int from = in + rows.pixel(y, i, columns, x, j) * n + c;
                    largest = largest.lanewise(VectorOperators.UMAX, c + B.length() <= n
                            ? ByteVector.fromArray(B, data, from) : ByteVector.fromArray(B, data, from, some));
                }
            }
            if (c + B.length() <= n) {
                largest.intoArray(data, to + c);
            } else {
                largest.intoArray(data, to + c, some);
            }
        }
    }

    private void floats(float[] data, int in, int y, int x, int to) {
        int n = shape.channels();
        for (int c = 0; c < n; c += F.length()) {
            VectorMask<Float> some = F.indexInRange(c, n);
            FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < rows.count(y); i++) {
                for (int j = 0; j < columns.count(x); j++) {
                    int from = in + rows.pixel(y, i, columns, x, j) * n + c;
                    FloatVector v = c + F.length() <= n ? FloatVector.fromArray(F, data, from)
                            : FloatVector.fromArray(F, data, from, some);
                    largest = largest.blend(v, v.compare(VectorOperators.GT, largest)
                            .or(v.test(VectorOperators.IS_NAN)));
                }
            }
            if (c + F.length() <= n) {
                largest.intoArray(data, to + c);
            } else {
                largest.intoArray(data, to + c, some);
            }
        }
    }
}
