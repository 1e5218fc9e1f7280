package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
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

/** Networks from fuse to int8 levels against PyTorch 2.13's eager mode with fbgemm. */
@Tag("golden")
class EagerGoldenTest {

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());

    /** What PyTorch did with one network, and the network itself. */
    private record Golden(JsonNode json) {

        static Golden read(String file) {
            try (InputStream in = EagerGoldenTest.class.getResourceAsStream("/golden/eager/" + file)) {
                return new Golden(new ObjectMapper().readTree(in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        JsonNode get(String key) {
            return json.get(key);
        }

        FloatTensor state(String name, int... shape) {
            return tensor(json.get("state").get(name), shape);
        }

        Op.BatchNorm2d norm(String name) {
            return new Op.BatchNorm2d(state(name + ".weight", 4), state(name + ".bias", 4),
                    state(name + ".running_mean", 4), state(name + ".running_var", 4), 1e-5f);
        }

        Op.Conv2d conv(String name, int in, int kernel) {
            return new Op.Conv2d(state(name + ".weight", 4, in, kernel, kernel), Optional.of(state(name + ".bias", 4)),
                    ConvGeometry.of(1, kernel / 2));
        }

        Op.Linear linear(String name, int in) {
            return new Op.Linear(state(name + ".weight", 5, in), Optional.of(state(name + ".bias", 5)));
        }

        ImageRunner.ImageInputs images() {
            FloatTensor all = tensor(json.get("images"), 10, 3, 8, 8);
            return i -> new FloatTensor(Shape.of(1, 3, 8, 8), Arrays.copyOfRange(all.data(), i * 192, (i + 1) * 192));
        }
    }

    private static FloatTensor tensor(JsonNode numbers, int... shape) {
        float[] data = new float[numbers.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) numbers.get(i).asDouble();
        }
        return new FloatTensor(Shape.of(shape), data);
    }

    private static Prepared residual(Golden g) {
        Nets n = Nets.image("eager");
        Graph graph = n.then("conv1", g.conv("conv1", 3, 3)).then("bn1", g.norm("bn1")).then("relu1", new Op.Relu())
                .then("conv2", g.conv("conv2", 4, 3)).then("bn2", g.norm("bn2")).of("add", new Op.Add(), "bn2", "relu1")
                .then("relu2", new Op.Relu()).then("pool", n.pool()).then("flatten", new Op.Flatten(1))
                .then("fc", g.linear("fc", 64)).build();
        return Prepare.run(graph, Preset.EVERYTHING.apply(graph, Specification.EMPTY).specification());
    }

    /** Nothing fused but bn3 and relu3. */
    private static Prepared operators(Golden g) {
        Nets n = Nets.image("operators");
        Graph graph = n.then("conv1", g.conv("conv1", 3, 3)).then("bn1", g.norm("bn1")).then("relu1", new Op.Relu())
                .then("leaky", new Op.LeakyRelu(0.1f)).then("pool", new Op.AvgPool2d(PoolGeometry.of(2, 2, 0), true))
                .then("bn3", g.norm("bn3")).then("relu3", new Op.Relu())
                .of("cat", new Op.Concat(1), "relu3", "pool").then("conv2", g.conv("conv2", 8, 1))
                .then("sigmoid", new Op.Sigmoid()).of("mul", new Op.Mul(), "sigmoid", "conv2")
                .then("clip", new Op.Clip(0, 1)).then("gap", new Op.AdaptiveAvgPool2d(1, 1))
                .then("flatten", new Op.Flatten(1)).then("fc", g.linear("fc", 4)).then("relu4", new Op.Relu()).build();
        return Prepare.run(graph, Nets.int8("conv1", "bn1", "leaky", "bn3", "cat", "conv2", "sigmoid", "mul", "fc",
                "relu4").withFix(new Fix(FixKind.FUSE, "bn3")));
    }

    @Test
    void foldedWeightsAreEqualBitForBit() {
        Golden golden = Golden.read("eager.json");
        for (String layer : List.of("conv1", "conv2")) {
            Op.Conv2d conv = (Op.Conv2d) residual(golden).graph().node(layer).op();
            assertArrayEquals(tensor(golden.get("folded").get(layer + ".weight"), conv.weight().shape().toArray()).data(),
                    conv.weight().data(), layer);
            assertArrayEquals(tensor(golden.get("folded").get(layer + ".bias"), 4).data(),
                    conv.bias().orElseThrow().data(), layer);
        }
    }

    @Test
    void calibratingTheResidualNetworkFindsPyTorchsParameters() {
        Golden golden = Golden.read("eager.json");
        calibrates(golden, residual(golden));
    }

    @Test
    void calibratingAllOperatorsFindsPyTorchsParameters() {
        Golden golden = Golden.read("operators.json");
        calibrates(golden, operators(golden));
    }

    private void calibrates(Golden golden, Prepared prepared) {
        Calibration calibration = new Calibrate(engine, new ParallelImageRunner(2)).run(prepared, golden.images(), 10,
                4, Progress.NONE, Cancellation.NEVER);
        Set<String> expected = new TreeSet<>();
        golden.get("activations").properties().forEach(e -> {
            expected.add(e.getKey());
            QuantParams.PerTensor params = calibration.activations().get(e.getKey()).params();
            float scale = (float) e.getValue().get(0).asDouble();
            // The stub sees the very images; behind a convolution sums may differ in the last bit by their order.
            assertEquals(scale, params.scale(), e.getKey().equals("quant_conv1") ? 0 : scale * 1e-6, e.getKey());
            assertEquals(e.getValue().get(1).asInt(), params.zeroPoint(), e.getKey());
        });
        assertEquals(expected, new TreeSet<>(calibration.activations().keySet()));
        golden.get("weights").properties().forEach(e -> {
            JsonNode levels = e.getValue().get("levels");
            for (int i = 0; i < levels.size(); i++) {
                assertEquals(levels.get(i).asInt(), calibration.weights().get(e.getKey()).level(i), e.getKey());
            }
        });
    }

    @Test
    void convertedResidualNetworkMakesPyTorchsLevels() {
        Golden golden = Golden.read("eager.json");
        makesLevels(golden, residual(golden));
    }

    @Test
    void convertedOperatorsMakePyTorchsLevels() {
        Golden golden = Golden.read("operators.json");
        makesLevels(golden, operators(golden));
    }

    private void makesLevels(Golden golden, Prepared prepared) {
        Map<String, ActivationCalibration> activations = new LinkedHashMap<>();
        golden.get("activations").properties().forEach(e -> activations.put(e.getKey(), new ActivationCalibration(
                new QuantParams.PerTensor(QuantDtype.QUINT8, (float) e.getValue().get(0).asDouble(),
                        e.getValue().get(1).asInt()), 0, 0, Optional.empty())));
        Map<String, QuantParams> weights = new LinkedHashMap<>();
        golden.get("weights").properties().forEach(e -> {
            float[] scales = tensor(e.getValue().get("scales"), e.getValue().get("scales").size()).data();
            weights.put(e.getKey(), new QuantParams.PerChannel(QuantDtype.QINT8, scales, new int[scales.length], 0));
        });
        Graph converted = Convert.run(prepared, PinCalibration.run(prepared, activations, weights));
        Map<String, String> taps = new LinkedHashMap<>();
        golden.get("levels").fieldNames().forEachRemaining(name -> taps.put(name, prepared.valueNode(name)));
        Map<String, List<Integer>> found = new LinkedHashMap<>();
        new ParallelImageRunner(2).run(engine.compile(converted), golden.images(), 10, Set.copyOf(taps.values()),
                result -> taps.forEach((name, tap) -> {
                    Value.Int8 value = (Value.Int8) result.taps().get(tap);
                    for (int i = 0; i < value.tensor().levels().length; i++) {
                        found.computeIfAbsent(name, k -> new ArrayList<>()).add(value.tensor().level(i));
                    }
                }), Progress.NONE, Cancellation.NEVER);
        for (String name : taps.keySet()) {
            List<Integer> expected = new ArrayList<>();
            golden.get("levels").get(name).forEach(v -> expected.add(v.asInt()));
            assertEquals(expected, found.get(name), name);
        }
    }
}
