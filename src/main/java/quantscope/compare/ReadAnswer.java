package quantscope.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;

/** Reads a network's output as an answer: classes by probability. */
enum ReadAnswer {
    /** The network ends in something else: softmax makes probabilities. */
    LOGITS,
    /** The network ends in a softmax. */
    PROBABILITIES,
    /** The network ends in a logarithmic softmax. */
    LOG_PROBABILITIES;

    private static final int TOP = 5;

    /** What the first output of a network is, through layers that change no value. */
    static ReadAnswer of(Graph graph) {
        Node node = graph.node(graph.outputs().getFirst());
        while (true) {
            switch (node.op()) {
                case Op.Softmax s -> {
                    return PROBABILITIES;
                }
                case Op.LogSoftmax s -> {
                    return LOG_PROBABILITIES;
                }
                case Op.Identity i -> node = graph.node(node.input());
                case Op.Dropout d -> node = graph.node(node.input());
                case Op.Flatten f -> node = graph.node(node.input());
                case Op.Reshape r -> node = graph.node(node.input());
                case Op.DeQuantStub d -> node = graph.node(node.input());
                default -> {
                    return LOGITS;
                }
            }
        }
    }

    /** @param output one number per class; NaN is less than everything */
    Answer answer(float[] output) {
        Comparator<Integer> falling = (a, b) -> Float.isNaN(output[a]) || Float.isNaN(output[b])
                ? Boolean.compare(Float.isNaN(output[a]), Float.isNaN(output[b])) : order(output[b], output[a]);
        List<Integer> top = IntStream.range(0, output.length).boxed().sorted(falling).limit(TOP).toList();
        double largest = output[top.getFirst()];
        double sum = 0;
        for (float v : output) {
            sum += Math.exp(v - largest);
        }
        List<Float> probabilities = new ArrayList<>();
        for (int i : top) {
            probabilities.add(switch (this) {
                case LOGITS -> (float) (Math.exp(output[i] - largest) / sum);
                case PROBABILITIES -> output[i];
                case LOG_PROBABILITIES -> (float) Math.exp(output[i]);
            });
        }
        return new Answer(top, probabilities);
    }

    /** Numbers by value: 0 and -0 are equal, so that their order is the classes'. */
    private static int order(float a, float b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }
}
