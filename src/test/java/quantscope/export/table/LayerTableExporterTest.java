package quantscope.export.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.Interval;
import quantscope.compare.LayerError;
import quantscope.compare.SignFlips;
import quantscope.export.Exportable;
import quantscope.export.SampleExport;

class LayerTableExporterTest {

    @TempDir
    Path folder;

    /** By layer: head -> cell. */
    private Map<String, Map<String, String>> export(Exportable exportable) throws Exception {
        Path file = folder.resolve("layers.csv");
        new LayerTableExporter().export(exportable, file);
        String text = Files.readString(file);
        assertTrue(text.endsWith("\r\n"));
        List<String> lines = List.of(text.split("\r\n"));
        List<String> heads = List.of(lines.getFirst().split(",", -1));
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertEquals(heads.size(), cells.length, line);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.length; i++) {
                row.put(heads.get(i), cells[i]);
            }
            rows.put(row.get("layer"), row);
        }
        return rows;
    }

    @Test
    void eachLayerHasARowWithWhatIsKnownOfIt() throws Exception {
        Exportable exportable = SampleExport.of("alexnet.pt2", true, "conv1", "pool1");
        Map<String, Map<String, String>> rows = export(exportable);
        assertEquals(exportable.prepared().source().layers().stream().map(n -> n.name()).toList(),
                new ArrayList<>(rows.keySet()));
        Map<String, String> conv1 = rows.get("conv1");
        assertEquals("Conv2d", conv1.get("kind"));
        assertEquals("conv1", conv1.get("module"));
        assertEquals("1x48x32x32", conv1.get("output_shape"));
        assertEquals("int8", conv1.get("precision"));
        assertEquals("HistogramObserver quint8 per_tensor_affine reduce_range", conv1.get("activation_observer"));
        assertEquals("PerChannelMinMaxObserver qint8 per_channel_symmetric", conv1.get("weight_observer"));
        assertEquals(exportable.calibration().activations().get("quant_conv1").params().scale(),
                Float.parseFloat(conv1.get("in_scale")));
        assertEquals(exportable.calibration().activations().get("conv1").params().scale(),
                Float.parseFloat(conv1.get("out_scale")));
        assertEquals("48", conv1.get("weight_scales"));
        assertTrue(Float.parseFloat(conv1.get("weight_scale_min")) < Float.parseFloat(conv1.get("weight_scale_max")));
        assertEquals("7104", conv1.get("parameters"));
        assertEquals("7225344", conv1.get("macs"));
        assertTrue(conv1.get("can_saturate_without_vnni").matches("true|false"));
        assertEquals("conv1", rows.get("bn1").get("fused_into"));
        assertEquals(conv1.get("out_scale"), rows.get("pool1").get("out_scale"));
        assertEquals("", rows.get("conv2").get("in_scale"));
        assertEquals("fp32", rows.get("conv2").get("precision"));
        assertEquals("", conv1.get("sqnr_db"));
    }

    @Test
    void afterAComparisonItHasTheErrors() throws Exception {
        Drift drift = new Drift(List.of(), 0, new Interval(0, 1), OptionalDouble.empty(), OptionalDouble.empty(),
                OptionalDouble.empty(), OptionalDouble.empty());
        Comparison comparison = new Comparison(drift, List.of(
                new LayerError("conv1", new ErrorMetrics(31.5, 0.999, 1e-5, 0.25)),
                new LayerError("conv2", new ErrorMetrics(Double.POSITIVE_INFINITY, 1, 0, 0))),
                List.of(new SignFlips("conv2", 0.0125)), List.of(), Map.of("conv1", "vpdpbusd"));
        Map<String, Map<String, String>> rows = export(SampleExport.of("alexnet-xnor.pt2",
                SampleExport.ticked(SampleExport.graph("alexnet-xnor.pt2"), true, "conv1"), Optional.of(comparison)));
        assertEquals("31.5", rows.get("conv1").get("sqnr_db"));
        assertEquals("1.0E-5", rows.get("conv1").get("mse"));
        assertEquals("0.999", rows.get("conv1").get("cosine"));
        assertEquals("0.25", rows.get("conv1").get("max_error"));
        assertEquals("vpdpbusd", rows.get("conv1").get("computed_by"));
        assertEquals("inf", rows.get("conv2").get("sqnr_db"));
        assertEquals("0.0125", rows.get("conv2").get("sign_flip_rate"));
        assertEquals("binary", rows.get("conv2").get("precision"));
    }

    @Test
    void cellsAreQuotedByTheRules() {
        assertEquals("a,\"b,c\",\"say \"\"x\"\"\",\"two\r\nlines\",\r\n",
                Csv.write(List.of(List.of("a", "b,c", "say \"x\"", "two\r\nlines", ""))));
    }
}
