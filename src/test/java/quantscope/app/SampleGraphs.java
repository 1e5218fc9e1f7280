package quantscope.app;

import java.util.List;
import java.util.Optional;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.graph.SourceLine;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Small networks of the kinds that the window must draw. Weights are zeros: only the structure matters. */
public final class SampleGraphs {

    private final GraphBuilder builder;
    private String last;

    private SampleGraphs(String name) {
        builder = new GraphBuilder(name);
        add("input", new Op.Input(Shape.of(1, 3, 64, 64)));
    }

    /** conv1 in fp32, seven binary layers. */
    public static Graph xnor() {
        SampleGraphs g = new SampleGraphs("alexnet-xnor");
        g.conv("conv1", 3, 48, 7, 2, 3).norm("bn1", 48).add("relu1", new Op.Relu()).pool("pool1");
        g.norm("bn2", 48).binaryConv("conv2", 48, 96, 5, 2).add("relu2", new Op.Relu()).pool("pool2");
        g.norm("bn3", 96).binaryConv("conv3", 96, 160, 3, 1).add("relu3", new Op.Relu());
        g.norm("bn4", 160).binaryConv("conv4", 160, 128, 3, 1).add("relu4", new Op.Relu());
        g.norm("bn5", 128).binaryConv("conv5", 128, 128, 3, 1).add("relu5", new Op.Relu()).pool("pool5");
        g.add("flatten", new Op.Flatten(1));
        g.binaryLinear("fc6", 1152, 384).add("relu6", new Op.Relu());
        g.binaryLinear("fc7", 384, 384).add("relu7", new Op.Relu());
        g.binaryLinear("fc8", 384, 10);
        return g.builder.build(List.of(g.last));
    }

    /** A residual network; more blocks, more nodes. */
    public static Graph residual(int blocks) {
        SampleGraphs g = new SampleGraphs("residual");
        g.conv("conv1", 3, 16, 3, 2, 1).add("relu1", new Op.Relu());
        for (int b = 0; b < blocks; b++) {
            String in = g.last;
            g.conv("block" + b + ".conv1", 16, 16, 3, 1, 1).add("block" + b + ".relu1", new Op.Relu());
            g.conv("block" + b + ".conv2", 16, 16, 3, 1, 1);
            g.add("block" + b + ".add", new Op.Add(), List.of(in, g.last));
            g.add("block" + b + ".relu2", new Op.Relu());
        }
        g.add("flatten", new Op.Flatten(1));
        g.linear("fc", 16 * 32 * 32, 10);
        return g.builder.build(List.of(g.last));
    }

    /** With a layer that the program does not know. */
    public static Graph unsupported() {
        SampleGraphs g = new SampleGraphs("strange");
        g.conv("conv1", 3, 16, 3, 2, 1).add("einsum", new Op.Unsupported("Einsum", "Einsum has no kernel here",
                Optional.of(Shape.of(1, 16, 32, 32))));
        return g.builder.build(List.of(g.last));
    }

    private SampleGraphs conv(String name, int in, int out, int kernel, int stride, int padding) {
        return add(name, new Op.Conv2d(FloatTensor.zeros(Shape.of(out, in, kernel, kernel)),
                Optional.of(FloatTensor.zeros(Shape.of(out))), ConvGeometry.of(stride, padding)));
    }

    private SampleGraphs binaryConv(String name, int in, int out, int kernel, int padding) {
        return add(name, new Op.BinaryConv2d(FloatTensor.zeros(Shape.of(out, in, kernel, kernel)),
                FloatTensor.zeros(Shape.of(out)), Optional.empty(), ConvGeometry.of(1, padding), SignOfZero.ZERO));
    }

    private SampleGraphs linear(String name, int in, int out) {
        return add(name, new Op.Linear(FloatTensor.zeros(Shape.of(out, in)), Optional.empty()));
    }

    private SampleGraphs binaryLinear(String name, int in, int out) {
        return add(name, new Op.BinaryLinear(FloatTensor.zeros(Shape.of(out, in)), FloatTensor.zeros(Shape.of(out)),
                Optional.empty(), SignOfZero.ZERO));
    }

    private SampleGraphs norm(String name, int channels) {
        FloatTensor ones = FloatTensor.zeros(Shape.of(channels));
        return add(name, new Op.BatchNorm2d(ones, ones, ones, ones, 1e-5f));
    }

    private SampleGraphs pool(String name) {
        return add(name, new Op.MaxPool2d(PoolGeometry.of(3, 2, 0)));
    }

    private SampleGraphs add(String name, Op op) {
        return add(name, op, last == null ? List.of() : List.of(last));
    }

    private SampleGraphs add(String name, Op op, List<String> inputs) {
        builder.add(name, op, inputs, new Origin(name, op.kind(), Optional.empty(), op instanceof Op.Add, false,
                Optional.of(new SourceLine("models.py", 42, "forward", "x = self." + name + "(x)"))));
        last = name;
        return this;
    }
}
