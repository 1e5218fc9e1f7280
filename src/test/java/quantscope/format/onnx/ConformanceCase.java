package quantscope.format.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.QuantizedTensor;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.run.UnsupportedOperatorException;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** One of the ONNX project's backend node tests, bound as src/test/python/onnx_node_cases.py says. */
record ConformanceCase(Path folder, DoubleBuffer numbers, JsonNode json) {

    /** What whole files are refused for: inputs that are no images, empty values, standard operators of before ONNX 1.2. */
    private static final List<String> REFUSED = List.of(": input ", "the value would be empty", "operator set 1 of");

    enum Outcome { PASSED, UNSUPPORTED, FAILED }

    /** @param reason empty where it passed */
    record Result(Outcome outcome, String reason) { }

    String name() {
        return json.get("name").textValue();
    }

    String group() {
        return json.get("group").textValue();
    }

    String operator() {
        return json.get("operator").textValue();
    }

    /** Unsupported is what the reader or the engine refuses by a sentence of its own; whatever else goes wrong failed. */
    Result run() throws IOException {
        if (json.has("refused")) {
            return new Result(Outcome.UNSUPPORTED, json.get("refused").textValue());
        }
        for (JsonNode run : json.get("runs")) {
            Result result;
            try {
                result = run(run);
            } catch (UnsupportedOperatorException e) {
                result = new Result(Outcome.UNSUPPORTED, e.getMessage());
            } catch (ModelFormatException e) {
                result = new Result(REFUSED.stream().anyMatch(e.getMessage()::contains) ? Outcome.UNSUPPORTED : Outcome.FAILED,
                        e.getMessage().replaceFirst("^\\S+: ", ""));
            } catch (RuntimeException e) {
                result = new Result(Outcome.FAILED, e.toString());
            }
            if (result.outcome() != Outcome.PASSED) {
                return result;
            }
        }
        return new Result(Outcome.PASSED, "");
    }

    private Result run(JsonNode run) throws IOException, ModelFormatException {
        Model model = new OnnxReader().read(folder.resolve(run.get("model").textValue()), Progress.NONE, Cancellation.NEVER);
        Graph graph = model.graph();
        Optional<Op.Unsupported> refused = graph.nodes().stream().map(Node::op).filter(Op.Unsupported.class::isInstance)
                .map(Op.Unsupported.class::cast).findFirst();
        if (refused.isPresent()) {
            return new Result(Outcome.UNSUPPORTED, refused.get().operator() + ": " + refused.get().reason());
        }
        float[] input = floats(numbers(run.get("input")));
        Shape shape = graph.inputs().getFirst().requireShape();
        if (shape.elements() != input.length && shape.elements() == numbers(json.get("whole").get("input")).length) {
            return run(json.get("whole"));
        }
        boolean constant = graph.outputs().stream().allMatch(o -> graph.node(o).op() instanceof Op.Constant);
        if (shape.elements() != input.length && constant) {
            // Shape and Size look at no element.
            input = Arrays.copyOf(input, shape.size());
        }
        if (shape.elements() != input.length) {
            return new Result(Outcome.FAILED, "the graph takes " + shape + ", but the case mixes the images of its batch");
        }
        Map<String, Value> values = new HashMap<>();
        new GraphEngine(new ScalarKernels()).compile(graph).newWorker().run(new FloatTensor(shape, input), keeping(values));
        if (graph.outputs().size() != run.get("outputs").size()) {
            return new Result(Outcome.FAILED, "the graph has " + graph.outputs().size() + " outputs, expected "
                    + run.get("outputs").size());
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            Optional<String> difference = difference(values.get(graph.outputs().get(i)), run.get("outputs").get(i));
            if (difference.isPresent()) {
                return new Result(Outcome.FAILED, "output " + i + ": " + difference.get());
            }
        }
        return new Result(Outcome.PASSED, "");
    }

    private static Tap keeping(Map<String, Value> values) {
        return new Tap() {
            @Override
            public boolean wants(String node) {
                return true;
            }

            @Override
            public void take(String node, Value value) {
                values.put(node, value);
            }
        };
    }

    private Optional<String> difference(Value value, JsonNode output) {
        List<Integer> shape = new ArrayList<>();
        output.get("shape").forEach(d -> shape.add(d.intValue()));
        if (!value.shape().dims().equals(shape)) {
            return Optional.of("shape " + value.shape() + ", expected " + shape);
        }
        double[] expected = numbers(output);
        for (int i = 0; i < expected.length; i++) {
            double actual = switch (value) {
                case Value.Fp32 v -> v.tensor().data()[i];
                case Value.Int8 v -> level(v.tensor(), i);
            };
            if (!near(expected[i], actual, output.get("type").textValue())) {
                return Optional.of("element " + i + " is " + actual + ", expected " + expected[i]);
            }
        }
        return Optional.empty();
    }

    /** Levels, not reals: what ONNX's int8 tensors hold. */
    private static double level(QuantizedTensor tensor, int i) {
        return tensor.level(i);
    }

    /** Integers and truth values exactly, floats as the test says; half precision to its last places. */
    private boolean near(double expected, double actual, String type) {
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            return Double.compare(expected, actual) == 0;
        }
        double tolerance = switch (type) {
            case "float16" -> 2e-3;
            case "float32", "float64" -> json.get("rtol").doubleValue();
            default -> 0;
        };
        double least = tolerance == 0 ? 0 : json.get("atol").doubleValue();
        return Math.abs(expected - actual) <= least + tolerance * Math.abs(expected);
    }

    private double[] numbers(JsonNode place) {
        long elements = 1;
        for (JsonNode d : place.get("shape")) {
            elements *= d.longValue();
        }
        double[] data = new double[Math.toIntExact(elements)];
        numbers.get(place.get("at").intValue(), data);
        return data;
    }

    private static float[] floats(double[] data) {
        float[] out = new float[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) data[i];
        }
        return out;
    }
}
