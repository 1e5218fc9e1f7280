package quantscope.kernel.scalar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.PoolShape;

/**
 * The sign of the largest value, of signs: where it rises with the value it is minus if all are, where it falls, if one is.
 */
final class BitMaxPooling implements Kernel {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final PoolShape shape;
    private final PoolWindow rows;
    private final PoolWindow columns;
    private final int[] turned;

    BitMaxPooling(KernelSpec.BitMaxPool spec) {
        shape = spec.shape();
        rows = PoolWindow.rows(shape);
        columns = PoolWindow.columns(shape);
        turned = spec.turned();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        byte[] data = memory.bytes();
        int to = output;
        for (int y = 0; y < shape.outHeight(); y++) {
            for (int x = 0; x < shape.outWidth(); x++) {
                for (int word = 0; word < turned.length; word++, to += 4) {
                    int all = -1;
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            int pixel = rows.pixel(y, i, columns, x, j);
                            all &= (int) INTS.get(data, inputs[0] + 4 * (pixel * turned.length + word)) ^ turned[word];
                        }
                    }
                    INTS.set(data, to, all ^ turned[word]);
                }
            }
        }
    }
}
