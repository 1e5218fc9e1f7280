package quantscope.export.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;

/** A converted graph as the exporter writes it, with the levels of every int8 layer as further outputs. */
public final class LevelsOnnx {

    private static final int UINT8 = 2;

    private LevelsOnnx() { }

    /** Layers that make levels of their own, in running order. */
    public static List<String> layers(Graph graph) {
        return graph.nodes().stream().filter(n -> n.type() instanceof ValueType.Int8 && !passes(n.op())).map(Node::name).toList();
    }

    /** What hands on its input, and is no operator in the file. */
    private static boolean passes(Op op) {
        return op instanceof Op.Identity || op instanceof Op.Dropout;
    }

    /** The name of a layer's levels among the outputs. */
    public static String output(String layer) {
        return layer + ".quantized";
    }

    /** @throws IOException naming the layer that cannot be written and why */
    public static byte[] bytes(Graph graph) throws IOException {
        OnnxMessage outputs = new OnnxMessage();
        for (String layer : layers(graph)) {
            OnnxMessage type = new OnnxMessage().message(1, new OnnxMessage().integer(1, UINT8));
            outputs.message(12, new OnnxMessage().text(1, output(layer)).message(2, type));
        }
        // A message's field that comes twice is merged: the graph gets more outputs.
        OnnxMessage model = new OnnxMessage().integer(1, 8).message(7, QdqWriter.write(graph).named(graph.name()))
                .message(7, outputs).message(8, new OnnxMessage().text(1, "").integer(2, FloatOperators.OPSET));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.writeTo(out);
        return out.toByteArray();
    }
}
