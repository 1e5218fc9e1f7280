package quantscope.bench;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.quant.ObserverKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QConfig;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The networks that are measured, with seeded bell-shaped weights. */
final class Networks {

    private final Random random = new Random(1);
    private final GraphBuilder builder;
    private String last = "input";

    private Networks(String name) {
        builder = new GraphBuilder(name);
        builder.add("input", new Op.Input(Shape.of(1, 3, 224, 224)), List.of(), Origin.of("input", "Input"));
    }

    /** torchvision's layout. */
    static Graph alexNet() {
        Networks n = new Networks("AlexNet");
        n.conv("conv1", 3, 64, 11, 4, 2).add("relu1", new Op.Relu()).pool("pool1");
        n.conv("conv2", 64, 192, 5, 1, 2).add("relu2", new Op.Relu()).pool("pool2");
        n.conv("conv3", 192, 384, 3, 1, 1).add("relu3", new Op.Relu());
        n.conv("conv4", 384, 256, 3, 1, 1).add("relu4", new Op.Relu());
        n.conv("conv5", 256, 256, 3, 1, 1).add("relu5", new Op.Relu()).pool("pool5");
        n.add("flatten", new Op.Flatten(1));
        n.linear("fc6", 9216, 4096).add("relu6", new Op.Relu());
        n.linear("fc7", 4096, 4096).add("relu7", new Op.Relu()).linear("fc8", 4096, 1000);
        return n.builder.build(List.of(n.last));
    }

    /** conv1 fp32, then seven layers of batch norm, sign and weights of one bit. */
    static Graph binaryAlexNet() {
        Networks n = new Networks("binarized AlexNet");
        n.conv("conv1", 3, 64, 11, 4, 2).norm("bn1", 64).add("relu1", new Op.Relu()).pool("pool1");
        n.norm("bn2", 64).bits("conv2", 64, 192, 5, 2).pool("pool2");
        n.norm("bn3", 192).bits("conv3", 192, 384, 3, 1).norm("bn4", 384).bits("conv4", 384, 256, 3, 1);
        n.norm("bn5", 256).bits("conv5", 256, 256, 3, 1).pool("pool5");
        n.norm("bn6", 256).add("flatten", new Op.Flatten(1)).bits("fc6", 9216, 4096);
        n.bits("fc7", 4096, 4096).bits("fc8", 4096, 1000);
        return n.builder.build(List.of(n.last));
    }

    /** ResNet-18's convolutions and additions; batch norms are folded into the convolutions, as at deployment. */
    static Graph resNet18() {
        Networks n = new Networks("ResNet-18");
        n.conv("conv1", 3, 64, 7, 2, 3).add("relu1", new Op.Relu());
        n.add("pool1", new Op.MaxPool2d(PoolGeometry.of(3, 2, 1)));
        int in = 64;
        for (int stage = 0; stage < 4; stage++) {
            for (int block = 0; block < 2; block++) {
                in = n.block("layer" + (stage + 1) + "." + block, in, 64 << stage, stage > 0 && block == 0 ? 2 : 1);
            }
        }
        n.add("avgpool", new Op.AdaptiveAvgPool2d(1, 1)).add("flatten", new Op.Flatten(1)).linear("fc", 512, 1000);
        return n.builder.build(List.of(n.last));
    }

    private int block(String name, int in, int out, int stride) {
        String input = last;
        String side = input;
        if (stride > 1) {
            side = conv(name + ".downsample", in, out, 1, stride, 0).last;
            last = input;
        }
        conv(name + ".conv1", in, out, 3, stride, 1).add(name + ".relu1", new Op.Relu());
        conv(name + ".conv2", out, out, 3, 1, 1);
        last = builder.add(name + ".add", new Op.Add(), List.of(last, side), Origin.of(name + ".add", "Add")).name();
        add(name + ".relu2", new Op.Relu());
        return out;
    }

    /** All layers int8 with what can be fused fused, calibrated on random images. */
    static Graph int8(Graph graph, boolean reduceRange, Engine engine, ImageRunner runner) {
        ObserverSpec observer = new ObserverSpec(ObserverKind.MIN_MAX, ObserverSpec.HISTOGRAM_FULL.dtype(),
                ObserverSpec.HISTOGRAM_FULL.scheme(), reduceRange);
        Specification chosen = Specification.EMPTY.withDefaultQConfig(
                new QConfig(observer, ObserverSpec.PER_CHANNEL_WEIGHT));
        for (var node : graph.layers()) {
            if (node.op() instanceof Op.Conv2d || node.op() instanceof Op.Linear || node.op() instanceof Op.Relu
                    || node.op() instanceof Op.Add || node.op() instanceof Op.MaxPool2d
                    || node.op() instanceof Op.AdaptiveAvgPool2d) {
                chosen = Ticks.tick(graph, chosen, node.name(), Precision.INT8).specification();
            }
        }
        chosen = Ticks.fuse(graph, chosen);
        return converted(graph, chosen, engine, runner);
    }

    /** conv1 int8, the others as they are. */
    static Graph firstInt8(Graph graph, Engine engine, ImageRunner runner) {
        Specification chosen = Ticks.fuse(graph, Ticks.tick(graph, Specification.EMPTY, "conv1", Precision.INT8)
                .specification());
        return converted(graph, chosen, engine, runner);
    }

    private static Graph converted(Graph graph, Specification chosen, Engine engine, ImageRunner runner) {
        Prepared prepared = Prepare.run(graph, chosen);
        List<FloatTensor> images = images(4);
        Calibration calibration = new Calibrate(engine, runner).run(prepared, ImageRunner.ImageInputs.of(images),
                images.size(), images.size(), Progress.NONE, Cancellation.NEVER);
        return Convert.run(prepared, calibration);
    }

    static List<FloatTensor> images(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count).mapToObj(_ -> {
            FloatTensor image = FloatTensor.zeros(Shape.of(1, 3, 224, 224));
            for (int i = 0; i < image.data().length; i++) {
                image.data()[i] = (float) random.nextGaussian();
            }
            return image;
        }).toList();
    }

    private Networks add(String name, Op op) {
        last = builder.add(name, op, List.of(last), Origin.of(name, op.kind())).name();
        return this;
    }

    private Networks pool(String name) {
        return add(name, new Op.MaxPool2d(PoolGeometry.of(3, 2, 0)));
    }

    private Networks conv(String name, int in, int out, int kernel, int stride, int padding) {
        return add(name, new Op.Conv2d(weights(Shape.of(out, in, kernel, kernel)), Optional.of(values(out, 0, 0.1f)),
                ConvGeometry.of(stride, padding)));
    }

    private Networks linear(String name, int in, int out) {
        return add(name, new Op.Linear(weights(Shape.of(out, in)), Optional.of(values(out, 0, 0.1f))));
    }

    private Networks norm(String name, int channels) {
        return add(name, new Op.BatchNorm2d(values(channels, 1, 0.1f), values(channels, 0, 0.1f),
                values(channels, 0, 0.5f), values(channels, 2, 0.1f), 1e-5f));
    }

    private Networks bits(String name, int in, int out, int kernel, int padding) {
        Shape shape = Shape.of(out, in, kernel, kernel);
        FloatTensor alpha = alpha(out);
        return add(name, new Op.BinaryConv2d(signs(shape, alpha), alpha, Optional.empty(), ConvGeometry.of(1, padding),
                SignOfZero.PLUS_ONE));
    }

    private Networks bits(String name, int in, int out) {
        FloatTensor alpha = alpha(out);
        return add(name, new Op.BinaryLinear(signs(Shape.of(out, in), alpha), alpha, Optional.empty(),
                SignOfZero.PLUS_ONE));
    }

    /** Variance 2 / fan-in. */
    private FloatTensor weights(Shape shape) {
        return values(shape, 0, (float) Math.sqrt(2.0 * shape.dim(0) / shape.elements()));
    }

    private FloatTensor signs(Shape shape, FloatTensor alpha) {
        FloatTensor signs = FloatTensor.zeros(shape);
        int each = signs.data().length / shape.dim(0);
        for (int i = 0; i < signs.data().length; i++) {
            signs.data()[i] = random.nextBoolean() ? alpha.data()[i / each] : -alpha.data()[i / each];
        }
        return signs;
    }

    private FloatTensor alpha(int n) {
        FloatTensor alpha = FloatTensor.zeros(Shape.of(n));
        for (int i = 0; i < n; i++) {
            alpha.data()[i] = 0.01f + 0.01f * random.nextFloat();
        }
        return alpha;
    }

    private FloatTensor values(int n, float mean, float sigma) {
        return values(Shape.of(n), mean, sigma);
    }

    private FloatTensor values(Shape shape, float mean, float sigma) {
        FloatTensor values = FloatTensor.zeros(shape);
        for (int i = 0; i < values.data().length; i++) {
            values.data()[i] = mean + sigma * (float) random.nextGaussian();
        }
        return values;
    }
}
