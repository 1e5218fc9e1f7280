package quantscope.run.nd4j;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantizedTensor;
import quantscope.run.Value;

/** Captured tensors as NumPy files: fp32 as float32, int8 as its levels (uint8 or int8). */
public final class NumpyFiles {

    /** One tensor as .npy. */
    public void npy(Value value, OutputStream out) throws IOException {
        out.write(bytes(value));
    }

    /** Several tensors as .npz, by name. */
    public void npz(Map<String, Value> values, OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, Value> value : values.entrySet()) {
            zip.putNextEntry(new ZipEntry(value.getKey().replace('/', '_') + ".npy"));
            zip.write(bytes(value.getValue()));
            zip.closeEntry();
        }
        zip.finish();
    }

    private static byte[] bytes(Value value) throws IOException {
        INDArray array = switch (value) {
            case Value.Fp32 f -> Arrays.of(f.tensor());
            case Value.Int8 i -> levels(i.tensor());
        };
        return Nd4j.toNpyByteArray(array);
    }

    private static INDArray levels(QuantizedTensor tensor) {
        float[] levels = new float[tensor.levels().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = tensor.level(i);
        }
        DataType type = tensor.params().dtype() == QuantDtype.QUINT8 ? DataType.UINT8 : DataType.INT8;
        long[] shape = tensor.shape().dims().stream().mapToLong(Integer::longValue).toArray();
        return Nd4j.create(levels, shape, 'c').castTo(type);
    }
}
