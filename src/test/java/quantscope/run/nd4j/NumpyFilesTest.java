package quantscope.run.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.run.Value;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class NumpyFilesTest {

    private final NumpyFiles files = new NumpyFiles();

    @Test
    void npyKeepsFloatsAndShape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        files.npy(new Value.Fp32(FloatTensor.of(Shape.of(2, 3), 1, -2, 0.5f, 4, 5, -6)), out);
        INDArray back = Nd4j.createNpyFromByteArray(out.toByteArray());
        assertArrayEquals(new long[] {2, 3}, back.shape());
        assertArrayEquals(new float[] {1, -2, 0.5f, 4, 5, -6}, back.dup('c').data().asFloat());
    }

    @Test
    void npzKeepsLevelsAsUnsignedBytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        QuantizedTensor levels = new QuantizedTensor(Shape.of(3), new byte[] {0, 127, (byte) 200},
                new QuantParams.PerTensor(QuantDtype.QUINT8, 0.5f, 3));
        files.npz(Map.of("conv1", new Value.Int8(levels)), out);
        ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()));
        assertEquals("conv1.npy", zip.getNextEntry().getName());
        INDArray back = Nd4j.createNpyFromByteArray(zip.readAllBytes());
        assertEquals(DataType.UINT8, back.dataType());
        assertArrayEquals(new int[] {0, 127, 200}, back.data().asInt());
    }

    @Test
    void statisticsAreThoseOfThePopulation() {
        TensorStatistics s = TensorStatistics.of(FloatTensor.vector(0, 2, -2, 4));
        assertEquals(1, s.mean(), 1e-6);
        assertEquals(Math.sqrt(5), s.std(), 1e-6);
        assertEquals(-2, s.min());
        assertEquals(4, s.max());
        assertEquals(2, s.absMean(), 1e-6);
        assertEquals(0.25, s.zeros(), 1e-6);
    }
}
