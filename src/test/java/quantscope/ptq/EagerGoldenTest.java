package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A residual network from fuse to int8 levels against PyTorch 2.13's eager mode with fbgemm. */
@Tag("golden")
class EagerGoldenTest {

    private static JsonNode golden;

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = EagerGoldenTest.class.getResourceAsStream("/golden/eager/eager.json")) {
            golden = new ObjectMapper().readTree(in);
        }
    }

    private static FloatTensor tensor(JsonNode numbers, int... shape) {
        float[] data = new float[numbers.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) numbers.get(i).asDouble();
        }
        return new FloatTensor(Shape.of(shape), data);
    }

    private static FloatTensor state(String name, int... shape) {
        return tensor(golden.get("state").get(name), shape);
    }

    private static Op.BatchNorm2d norm(String name) {
        return new Op.BatchNorm2d(state(name + ".weight", 4), state(name + ".bias", 4),
                state(name + ".running_mean", 4), state(name + ".running_var", 4), 1e-5f);
    }

    private static Op.Conv2d conv(String name, int in) {
        return new Op.Conv2d(state(name + ".weight", 4, in, 3, 3), Optional.of(state(name + ".bias", 4)),
                ConvGeometry.of(1, 1));
    }

    private static Prepared prepared() {
        Nets n = Nets.image("eager");
        Graph graph = n.then("conv1", conv("conv1", 3)).then("bn1", norm("bn1")).then("relu1", new Op.Relu())
                .then("conv2", conv("conv2", 4)).then("bn2", norm("bn2")).of("add", new Op.Add(), "bn2", "relu1")
                .then("relu2", new Op.Relu()).then("pool", n.pool()).then("flatten", new Op.Flatten(1))
                .then("fc", new Op.Linear(state("fc.weight", 5, 64), Optional.of(state("fc.bias", 5)))).build();
        return Prepare.run(graph, Preset.EVERYTHING.apply(graph, Specification.EMPTY).specification());
    }

    private static ImageRunner.ImageInputs images() {
        FloatTensor all = tensor(golden.get("images"), 10, 3, 8, 8);
        return i -> new FloatTensor(Shape.of(1, 3, 8, 8), Arrays.copyOfRange(all.data(), i * 192, (i + 1) * 192));
    }

    @Test
    void foldedWeightsAreEqualBitForBit() {
        for (String layer : List.of("conv1", "conv2")) {
            Op.Conv2d conv = (Op.Conv2d) prepared().graph().node(layer).op();
            assertArrayEquals(tensor(golden.get("folded").get(layer + ".weight"), conv.weight().shape().toArray()).data(),
                    conv.weight().data(), layer);
            assertArrayEquals(tensor(golden.get("folded").get(layer + ".bias"), 4).data(),
                    conv.bias().orElseThrow().data(), layer);
        }
    }

    @Test
    void calibrationFindsPyTorchsParameters() {
        Calibration calibration = new Calibrate(engine, new ParallelImageRunner(2)).run(prepared(), images(), 10, 4,
                Progress.NONE, Cancellation.NEVER);
        golden.get("activations").properties().forEach(e -> {
            QuantParams.PerTensor params = calibration.activations().get(e.getKey()).params();
            float scale = (float) e.getValue().get(0).asDouble();
            // The stub sees the very images; behind a convolution sums may differ in the last bit by their order.
            assertEquals(scale, params.scale(), e.getKey().equals("quant_conv1") ? 0 : scale * 1e-6, e.getKey());
            assertEquals(e.getValue().get(1).asInt(), params.zeroPoint(), e.getKey());
        });
        golden.get("weights").properties().forEach(e -> {
            JsonNode levels = e.getValue().get("levels");
            for (int i = 0; i < levels.size(); i++) {
                assertEquals(levels.get(i).asInt(), calibration.weights().get(e.getKey()).level(i), e.getKey());
            }
        });
    }

    @Test
    void convertedNetworkMakesPyTorchsLevels() {
        Map<String, ActivationCalibration> activations = new LinkedHashMap<>();
        golden.get("activations").properties().forEach(e -> activations.put(e.getKey(), new ActivationCalibration(
                new QuantParams.PerTensor(QuantDtype.QUINT8, (float) e.getValue().get(0).asDouble(),
                        e.getValue().get(1).asInt()), 0, 0, Optional.empty())));
        Map<String, QuantParams> weights = new LinkedHashMap<>();
        golden.get("weights").properties().forEach(e -> {
            float[] scales = tensor(e.getValue().get("scales"), e.getValue().get("scales").size()).data();
            weights.put(e.getKey(), new QuantParams.PerChannel(QuantDtype.QINT8, scales, new int[scales.length], 0));
        });
        Graph converted = Convert.run(prepared(), PinCalibration.run(prepared(), activations, weights));
        Set<String> taps = Set.of("quant_conv1", "conv1", "conv2", "pool", "fc");
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        new ParallelImageRunner(2).run(engine.compile(converted), images(), 10, taps, result -> taps.forEach(tap -> {
            Value.Int8 value = (Value.Int8) result.taps().get(tap);
            for (int i = 0; i < value.tensor().levels().length; i++) {
                found.computeIfAbsent(tap, k -> new ArrayList<>()).add(value.tensor().level(i));
            }
        }), Progress.NONE, Cancellation.NEVER);
        for (String tap : taps) {
            List<Integer> expected = new ArrayList<>();
            golden.get("levels").get(tap).forEach(v -> expected.add(v.asInt()));
            assertEquals(expected, found.get(tap), tap);
        }
    }
}
