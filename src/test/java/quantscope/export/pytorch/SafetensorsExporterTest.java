package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.export.Exportable;
import quantscope.export.SampleExport;
import quantscope.graph.Op;
import quantscope.quant.QuantizedTensor;

/** The bytes that are written; that the safetensors package and PyTorch read them is PyTorchOracleTest's. */
class SafetensorsExporterTest {

    @TempDir
    Path folder;

    private byte[] file;
    private int data;
    private JsonNode header;

    private void export(Exportable exportable) throws Exception {
        Path path = folder.resolve("net.safetensors");
        assertEquals(List.of(path), new SafetensorsExporter("test").export(exportable, path));
        file = Files.readAllBytes(path);
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        data = Math.toIntExact(8 + length);
        header = new ObjectMapper().readTree(file, 8, Math.toIntExact(length));
    }

    private ByteBuffer tensor(String name, String dtype, List<Integer> shape) {
        JsonNode entry = header.get(name);
        assertEquals(dtype, entry.get("dtype").textValue(), name);
        assertEquals(shape.toString(), entry.get("shape").toString().replace(",", ", "), name);
        int from = entry.at("/data_offsets/0").intValue();
        int to = entry.at("/data_offsets/1").intValue();
        return ByteBuffer.wrap(file, data + from, to - from).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void int8LayersHaveLevelsAndScalesTheOthersTheirNumbers() throws Exception {
        Exportable exportable = SampleExport.of("alexnet-xnor.pt2", true, "conv1");
        export(exportable);
        assertEquals(0, data % 8, "the tensors begin where numbers of 64 bits may");
        QuantizedTensor weight = exportable.calibration().weights().get("conv1");
        byte[] levels = new byte[48 * 3 * 7 * 7];
        tensor("conv1.weight", "I8", List.of(48, 3, 7, 7)).get(levels);
        assertArrayEquals(weight.levels(), levels);
        ByteBuffer scales = tensor("conv1.weight_scale", "F32", List.of(48));
        ByteBuffer zeroPoints = tensor("conv1.weight_zero_point", "I64", List.of(48));
        for (int c = 0; c < 48; c++) {
            assertEquals(weight.params().scale(c), scales.getFloat());
            assertEquals(weight.params().zeroPoint(c), zeroPoints.getLong());
        }
        var params = exportable.calibration().activations().get("conv1").params();
        assertEquals(params.scale(), tensor("conv1.scale", "F32", List.of()).getFloat());
        assertEquals(params.zeroPoint(), tensor("conv1.zero_point", "I64", List.of()).getLong());
        float[] folded = new float[48];
        tensor("conv1.bias", "F32", List.of(48)).asFloatBuffer().get(folded);
        Op.Conv2d conv = (Op.Conv2d) exportable.prepared().graph().node("conv1").op();
        assertArrayEquals(conv.bias().orElseThrow().data(), folded);
        float[] signs = new float[96 * 48 * 5 * 5];
        tensor("conv2.weight", "F32", List.of(96, 48, 5, 5)).asFloatBuffer().get(signs);
        for (float sign : signs) {
            assertEquals(1, Math.abs(sign));
        }
        assertFalse(header.has("bn1.weight"), "bn1 is folded into conv1");
        assertTrue(header.has("bn2.running_var") && header.has("quant_conv1.scale"));
    }

    @Test
    void theTensorsFillTheFileWithoutGaps() throws Exception {
        export(SampleExport.of("quantizable.pt2", true, "conv1", "block1.skip_add", "fc"));
        JsonNode about = header.get("__metadata__");
        assertEquals("pt", about.get("format").textValue());
        assertEquals("fbgemm", about.get("made_for").textValue());
        assertEquals("block1_skip_add", new ObjectMapper().readTree(about.get("modules").textValue())
                .get("block1.skip_add").textValue());
        long[][] ranges = header.properties().stream().filter(e -> !e.getKey().equals("__metadata__"))
                .map(e -> new long[] {e.getValue().at("/data_offsets/0").longValue(),
                    e.getValue().at("/data_offsets/1").longValue()})
                .sorted((a, b) -> Long.compare(a[0], b[0])).toArray(long[][]::new);
        long end = 0;
        for (long[] range : ranges) {
            assertEquals(end, range[0], Arrays.deepToString(ranges));
            end = range[1];
        }
        assertEquals(file.length, data + end);
    }
}
