package quantscope.export.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import quantscope.export.AtomicFile;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * A full-size AlexNet in torchvision's layout (224 x 224, 1000 classes, 61 million parameters) with seeded random
 * weights: a model of realistic size and cost that nobody has to download. Its answers mean nothing.
 */
public final class FullSizeAlexNet {

    private static final int OPSET = 17;
    private static final int INT = 2;
    private static final int INTS = 7;

    private final Random random;
    private final OnnxMessage graph = new OnnxMessage();
    private String last = "input";

    private FullSizeAlexNet(long seed) {
        this.random = new Random(seed);
    }

    /** Writes it as ONNX; the same seed gives the same file. */
    public static void write(Path file, long seed) throws IOException {
        OnnxMessage model = new FullSizeAlexNet(seed).model();
        AtomicFile.write(file, model::writeTo);
    }

    private OnnxMessage model() {
        conv("features.0", 64, 3, 11, 4, 2);
        pool("features.2");
        conv("features.3", 192, 64, 5, 1, 2);
        pool("features.5");
        conv("features.6", 384, 192, 3, 1, 1);
        conv("features.8", 256, 384, 3, 1, 1);
        conv("features.10", 256, 256, 3, 1, 1);
        pool("features.12");
        node("Flatten", "flatten", "flatten", attribute("axis", 1));
        linear("classifier.1", 4096, 9216);
        node("Relu", "classifier.2", "classifier.2");
        linear("classifier.4", 4096, 4096);
        node("Relu", "classifier.5", "classifier.5");
        linear("classifier.6", 1000, 4096);
        graph.text(2, "alexnet").message(11, OnnxMessage.value("input", 0, 3, 224, 224))
                .message(12, OnnxMessage.value(last, 0, 1000));
        return new OnnxMessage().integer(1, 8).text(2, "Quantscope").message(7, graph)
                .message(8, new OnnxMessage().text(1, "").integer(2, OPSET));
    }

    private void conv(String name, int out, int in, int kernel, int stride, int padding) {
        weights(name, out, Shape.of(out, in, kernel, kernel));
        node("Conv", name, name, name + ".weight", name + ".bias", attribute("strides", stride, stride),
                attribute("pads", padding, padding, padding, padding), attribute("kernel_shape", kernel, kernel));
        int index = Integer.parseInt(name.substring("features.".length())) + 1;
        node("Relu", "features." + index, "features." + index);
    }

    private void linear(String name, int out, int in) {
        weights(name, out, Shape.of(out, in));
        node("Gemm", name, name, name + ".weight", name + ".bias", attribute("transB", 1));
    }

    private void pool(String name) {
        node("MaxPool", name, name, attribute("kernel_shape", 3, 3), attribute("strides", 2, 2));
    }

    /** Bell-shaped, with the variance 2 / fan-in that keeps activations in range through ReLUs; biases 0. */
    private void weights(String name, int out, Shape shape) {
        FloatTensor weight = FloatTensor.zeros(shape);
        float sigma = (float) Math.sqrt(2.0 * out / shape.elements());
        float[] data = weight.data();
        for (int i = 0; i < data.length; i++) {
            data[i] = sigma * (float) random.nextGaussian();
        }
        graph.message(5, OnnxMessage.tensor(name + ".weight", weight));
        graph.message(5, OnnxMessage.tensor(name + ".bias", FloatTensor.zeros(Shape.of(out))));
    }

    private void node(String operator, String name, String output, Object... inputsAndAttributes) {
        OnnxMessage node = new OnnxMessage().text(1, last);
        for (Object part : inputsAndAttributes) {
            if (part instanceof String input) {
                node.text(1, input);
            }
        }
        node.text(2, output).text(3, name).text(4, operator);
        for (Object part : inputsAndAttributes) {
            if (part instanceof OnnxMessage attribute) {
                node.message(5, attribute);
            }
        }
        graph.message(1, node);
        last = output;
    }

    private static OnnxMessage attribute(String name, long... values) {
        OnnxMessage attribute = new OnnxMessage().text(1, name);
        if (values.length == 1) {
            return attribute.integer(3, values[0]).integer(20, INT);
        }
        for (long value : values) {
            attribute.integer(8, value);
        }
        return attribute.integer(20, INTS);
    }
}
