package quantscope.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Observers and quantize functions against PyTorch 2.13, bit for bit. */
@Tag("golden")
class ObserverGoldenTest {

    private static JsonNode golden() throws IOException {
        try (InputStream in = ObserverGoldenTest.class.getResourceAsStream("/golden/quant/golden.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    @TestFactory
    Stream<DynamicTest> observersGivePyTorchsScaleAndZeroPoint() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        int i = 0;
        for (JsonNode test : golden().get("observers")) {
            tests.add(DynamicTest.dynamicTest(i++ + " " + test.get("observer").asText() + " "
                    + test.get("scheme").asText() + " " + test.get("reduceRange") + " " + test.get("batches"),
                    () -> check(test)));
        }
        assertFalse(tests.isEmpty());
        return tests.stream();
    }

    private static void check(JsonNode test) {
        Observer observer = Observers.create(new ObserverSpec(ObserverKind.valueOf(test.get("observer").asText()),
                QuantDtype.valueOf(test.get("dtype").asText()), QScheme.valueOf(test.get("scheme").asText()),
                test.get("reduceRange").asBoolean()));
        for (JsonNode b : test.get("batches")) {
            observer.observe(List.of(GoldenNumbers.tensor(b.get("kind").asText(), b.get("seed").asInt(),
                    b.get("n").asInt(), (float) b.get("scale").asDouble(), b.get("rows").asInt())));
        }
        QuantParams params = observer.calculateQParams();
        for (int c = 0; c < test.get("scales").size(); c++) {
            assertEquals(Float.intBitsToFloat(test.get("scales").get(c).asInt()), params.scale(c), "scale " + c);
            assertEquals(test.get("zeroPoints").get(c).asInt(), params.zeroPoint(c), "zero point " + c);
        }
    }

    @Test
    void quantizesPerTensorAsPyTorch() throws IOException {
        for (JsonNode test : golden().get("perTensor")) {
            float scale = Float.intBitsToFloat(test.get("scale").asInt());
            float[] x = Arrays.copyOf(GoldenNumbers.of("bell", test.get("seed").asInt(), 800, scale * 150), 2000);
            for (int i = 0; i < 1200; i++) {
                x[800 + i] = (i - 600) * 0.5f * scale;
            }
            QuantizedTensor q = Quantizer.quantize(FloatTensor.vector(x),
                    new QuantParams.PerTensor(QuantDtype.QUINT8, scale, test.get("zeroPoint").asInt()));
            assertEquals((int) test.get("sum").asLong(), checksum(q), test.toString());
        }
    }

    @Test
    void quantizesPerChannelAsPyTorch() throws IOException {
        for (JsonNode test : golden().get("perChannel")) {
            float[] scales = new float[8];
            int[] zeroPoints = new int[8];
            for (int c = 0; c < 8; c++) {
                scales[c] = Float.intBitsToFloat(test.get("scales").get(c).asInt());
                zeroPoints[c] = test.get("zeroPoints").get(c).asInt();
            }
            FloatTensor x = new FloatTensor(Shape.of(8, 120),
                    GoldenNumbers.of("bell", test.get("seed").asInt(), 960, 1));
            QuantizedTensor q = Quantizer.quantize(x,
                    new QuantParams.PerChannel(QuantDtype.QINT8, scales, zeroPoints, 0));
            assertEquals((int) test.get("sum").asLong(), checksum(q), test.toString());
            int back = 17;
            for (float value : Quantizer.dequantize(q).data()) {
                back = 31 * back + Float.floatToRawIntBits(value);
            }
            assertEquals((int) test.get("dequantized").asLong(), back, test.toString());
        }
    }

    @Test
    void aBatchMayComeInPieces() {
        ObserverSpec spec = ObserverSpec.HISTOGRAM_REDUCED;
        Observer whole = Observers.create(spec);
        Observer pieces = Observers.create(spec);
        for (int batch = 0; batch < 3; batch++) {
            float[] x = GoldenNumbers.of("bell", 300 + batch, 3000, 1 + batch);
            whole.observe(List.of(FloatTensor.vector(x)));
            pieces.observe(List.of(FloatTensor.vector(Arrays.copyOfRange(x, 0, 1000)),
                    FloatTensor.vector(Arrays.copyOfRange(x, 1000, 3000))));
        }
        assertEquals(whole.calculateQParams(), pieces.calculateQParams());
        assertEquals(9000, whole.histogram().orElseThrow().total(), 40);
    }

    @Test
    void nothingObservedGivesScaleOneAndZeroPointZero() {
        for (ObserverKind kind : ObserverKind.values()) {
            ObserverSpec spec = new ObserverSpec(kind, QuantDtype.QUINT8, QScheme.of(kind.perChannel(), false), false);
            Observer observer = Observers.create(spec);
            assertFalse(observer.observed());
            assertEquals(1, observer.calculateQParams().scale(0));
            assertEquals(0, observer.calculateQParams().zeroPoint(0));
        }
    }

    private static int checksum(QuantizedTensor q) {
        int h = 17;
        for (int i = 0; i < q.levels().length; i++) {
            h = 31 * h + q.level(i);
        }
        return h;
    }
}
