package quantscope.export.onnx;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import quantscope.graph.Node;
import quantscope.tensor.FloatTensor;

/** Nodes and constants that one layer is written as, each under a name that nothing has yet. */
final class Steps {

    private final OnnxGraph out;
    private final UnaryOperator<String> free;

    /** @param free makes a wanted name one that nothing has */
    Steps(OnnxGraph out, UnaryOperator<String> free) {
        this.out = out;
        this.free = free;
    }

    void node(String operator, String value, List<String> in, OnnxMessage... attributes) {
        out.node(operator, value, in, attributes);
    }

    /** @return the name of what the operator makes, on the way to the layer's value */
    String step(Node layer, String operator, String... in) {
        return step(layer, operator, List.of(in));
    }

    String step(Node layer, String operator, List<String> in, OnnxMessage... attributes) {
        String value = free.apply(layer.name() + "." + operator.toLowerCase(Locale.ROOT));
        out.node(operator, value, in, attributes);
        return value;
    }

    String scalar(Node layer, String what, float number) {
        return out.floats(free.apply(layer.name() + "." + what), true, number);
    }

    String constant(Node layer, String what, FloatTensor tensor) {
        return out.floats(free.apply(layer.name() + "." + what), tensor);
    }

    String longs(Node layer, String what, int... numbers) {
        return out.longs(free.apply(layer.name() + "." + what), IntStream.of(numbers).asLongStream().toArray());
    }
}
