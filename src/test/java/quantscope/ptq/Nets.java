package quantscope.ptq;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.ModuleUse;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.graph.SourceLine;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Builds small networks as the .pt2 reader gives them: every layer a module of its own, unless said otherwise. */
public final class Nets {

    private final GraphBuilder builder;
    private final Random random;
    private String last;

    public Nets(String name, long seed, Shape input) {
        builder = new GraphBuilder(name);
        random = new Random(seed);
        builder.add("x", new Op.Input(input), List.of(), Origin.of("x", "placeholder"));
        last = "x";
    }

    public static Nets image(String name) {
        return new Nets(name, 1, Shape.of(1, 3, 8, 8));
    }

    /** Adds a layer behind the one added last. */
    public Nets then(String name, Op op) {
        return add(name, op, List.of(last), module(name, 0));
    }

    public Nets then(String name, Op op, Origin origin) {
        return add(name, op, List.of(last), origin);
    }

    public Nets of(String name, Op op, String... inputs) {
        return add(name, op, List.of(inputs), module(name, 0));
    }

    public Nets of(String name, Op op, Origin origin, String... inputs) {
        return add(name, op, List.of(inputs), origin);
    }

    private Nets add(String name, Op op, List<String> inputs, Origin origin) {
        builder.add(name, op, inputs, origin);
        last = name;
        return this;
    }

    public Graph build() {
        return build(last);
    }

    public Graph build(String... outputs) {
        return builder.build(List.of(outputs));
    }

    /** A module's call: path as the name, without {@code @use}. */
    public static Origin module(String name, int use) {
        String path = name.replaceAll("@.*", "");
        return new Origin(name, "aten", Optional.of(new ModuleUse(path, "torch.nn.Some", use)), false, false,
                Optional.of(line(name)));
    }

    public static Origin inPlace(String name, int use) {
        return new Origin(name, "aten.relu_", module(name, use).module(), false, true, Optional.of(line(name)));
    }

    public static Origin functional(String name) {
        return new Origin(name, "aten", Optional.of(new ModuleUse("", "models.Net", 0)), true, false,
                Optional.of(line(name)));
    }

    private static SourceLine line(String name) {
        return new SourceLine("models.py", 7, "forward", "x = self." + name + "(x)");
    }

    public Op.Conv2d conv(int in, int out, int kernel) {
        return new Op.Conv2d(tensor(Shape.of(out, in, kernel, kernel)), Optional.of(tensor(Shape.of(out))),
                ConvGeometry.of(1, kernel / 2));
    }

    public Op.Linear linear(int in, int out) {
        return new Op.Linear(tensor(Shape.of(out, in)), Optional.of(tensor(Shape.of(out))));
    }

    public Op.BatchNorm2d norm(int channels) {
        Shape shape = Shape.of(channels);
        float[] variance = new float[channels];
        for (int c = 0; c < channels; c++) {
            variance[c] = 0.2f + random.nextFloat();
        }
        return new Op.BatchNorm2d(tensor(shape), tensor(shape), tensor(shape), new FloatTensor(shape, variance), 1e-5f);
    }

    public Op.BinaryConv2d binary(int in, int out) {
        FloatTensor weight = tensor(Shape.of(out, in, 3, 3));
        FloatTensor alpha = FloatTensor.zeros(Shape.of(out));
        java.util.Arrays.fill(alpha.data(), 0.25f);
        for (int i = 0; i < weight.data().length; i++) {
            weight.data()[i] = weight.data()[i] < 0 ? -0.25f : 0.25f;
        }
        return new Op.BinaryConv2d(weight, alpha, Optional.empty(), ConvGeometry.of(1, 1), SignOfZero.ZERO);
    }

    public Op.MaxPool2d pool() {
        return new Op.MaxPool2d(PoolGeometry.of(2, 2, 0));
    }

    public FloatTensor tensor(Shape shape) {
        float[] data = new float[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian() * 0.5f;
        }
        return new FloatTensor(shape, data);
    }

    /** conv1 - bn1 - relu1 - pool1 - bn2 - binary conv2 - relu2 - flatten - fc: the sample's shape in small. */
    public static Graph xnor() {
        Nets n = image("xnor");
        return n.then("conv1", n.conv(3, 4, 3)).then("bn1", n.norm(4)).then("relu1", new Op.Relu())
                .then("pool1", n.pool()).then("bn2", n.norm(4)).then("conv2", n.binary(4, 5))
                .then("relu2", new Op.Relu()).then("flatten", new Op.Flatten(1)).then("fc", n.linear(80, 6)).build();
    }

    /** The forum's block that is not quantizable: one in-place ReLU used twice, and a plain {@code +}. */
    public static Graph notQuantizable() {
        Nets n = image("NotQuantizable");
        return n.then("stem", n.conv(3, 4, 3)).then("conv1", n.conv(4, 4, 3)).then("bn1", n.norm(4))
                .then("relu", new Op.Relu(), inPlace("relu", 0)).then("conv2", n.conv(4, 4, 3)).then("bn2", n.norm(4))
                .of("add", new Op.Add(), functional("add"), "bn2", "stem")
                .then("relu@1", new Op.Relu(), inPlace("relu@1", 1)).build();
    }

    /** Its mended form: two ReLUs, out of place, and a FloatFunctional. */
    public static Graph quantizable() {
        Nets n = image("Quantizable");
        return n.then("stem", n.conv(3, 4, 3)).then("conv1", n.conv(4, 4, 3)).then("bn1", n.norm(4))
                .then("relu1", new Op.Relu()).then("conv2", n.conv(4, 4, 3)).then("bn2", n.norm(4))
                .of("add", new Op.Add(), "bn2", "stem").then("relu2", new Op.Relu()).build();
    }

    public static Specification int8(String... layers) {
        Specification specification = Specification.EMPTY;
        for (String layer : layers) {
            specification = specification.withPrecision(layer, Optional.of(Precision.INT8));
        }
        return specification;
    }

    /** The graph's nodes with their inputs, without sources: "quant_conv1(x) conv1(quant_conv1) ...". */
    public static String drawn(Graph graph) {
        StringBuilder out = new StringBuilder();
        graph.layers().forEach(n -> out.append(out.isEmpty() ? "" : " ").append(n.name())
                .append('(').append(String.join(",", n.inputs())).append(')'));
        return out.toString();
    }
}
