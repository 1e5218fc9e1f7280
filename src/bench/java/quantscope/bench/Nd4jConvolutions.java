package quantscope.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** ND4J's fp32 convolutions, with the ReLU where there is one, each over random images. */
final class Nd4jConvolutions implements LayerContender {

    private final Map<String, Supplier<INDArray>> layers = new LinkedHashMap<>();

    Nd4jConvolutions(Graph graph, int batch) {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Conv2d conv) {
                boolean relu = graph.consumers(node.name()).stream()
                        .anyMatch(n -> graph.node(n).op() instanceof Op.Relu);
                layers.put(node.name(), layer(conv, graph.node(node.input()).requireShape(), batch, relu));
            }
        }
    }

    private static Supplier<INDArray> layer(Op.Conv2d conv, Shape in, int batch, boolean relu) {
        Shape shape = conv.weight().shape();
        ConvGeometry g = conv.geometry();
        Conv2DConfig config = Conv2DConfig.builder().kH(shape.dim(2)).kW(shape.dim(3)).sH(g.strideH()).sW(g.strideW())
                .pH(g.padTop()).pW(g.padLeft()).dataFormat("NCHW").build();
        Random random = new Random(1);
        float[] values = new float[batch * in.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        INDArray x = Nd4j.create(values, batch, in.dim(1), in.dim(2), in.dim(3));
        INDArray w = array(conv.weight()).permute(2, 3, 1, 0).dup('c');
        Optional<INDArray> b = conv.bias().map(Nd4jConvolutions::array);
        return () -> {
            INDArray y = b.isPresent() ? Nd4j.cnn().conv2d(x, w, b.get(), config) : Nd4j.cnn().conv2d(x, w, config);
            return relu ? Transforms.relu(y, false) : y;
        };
    }

    private static INDArray array(FloatTensor values) {
        return Nd4j.create(values.data(), values.shape().dims().stream().mapToLong(d -> d).toArray(), 'c');
    }

    @Override
    public String name() {
        return "ND4J";
    }

    @Override
    public Map<String, Double> layerMillis(List<FloatTensor> images) {
        Map<String, Double> millis = new HashMap<>();
        layers.forEach((name, layer) -> {
            long start = System.nanoTime();
            layer.get().close();
            millis.put(name, (System.nanoTime() - start) * 1e-6);
        });
        return millis;
    }

    @Override
    public void close() { }
}
