package quantscope.run.nd4j;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.graph.SignOfZero;
import quantscope.graph.ValueType;
import quantscope.run.UnsupportedOperatorException;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Runs an fp32 graph by ND4J's operations, without anything of the engine's: what the engine is checked against. */
public final class Nd4jReference {

    /** ND4J's name and version, for the self-check. */
    public String description() {
        return "ND4J " + Nd4j.class.getPackage().getImplementationVersion();
    }

    /**
     * Runs one image.
     *
     * @param image [1,C,H,W]
     * @return the value of every node, fp32
     * @throws UnsupportedOperatorException for an int8 or unknown operator
     */
    public Map<String, FloatTensor> run(Graph graph, FloatTensor image) {
        Map<String, INDArray> values = new HashMap<>();
        Map<String, FloatTensor> results = new HashMap<>();
        for (Node node : graph.nodes()) {
            List<INDArray> in = node.inputs().stream().map(values::get).toList();
            INDArray value = node.op() instanceof Op.Input ? Arrays.of(image) : compute(node, in);
            values.put(node.name(), value);
            results.put(node.name(), Arrays.toTensor(value, node.requireShape()));
        }
        return results;
    }

    /**
     * Computes one node from given inputs: for checking a layer by itself, without what came before it.
     *
     * @throws UnsupportedOperatorException for an int8 or unknown operator
     */
    public FloatTensor run(Node node, List<FloatTensor> inputs) {
        return Arrays.toTensor(compute(node, inputs.stream().map(Arrays::of).toList()), node.requireShape());
    }

    private INDArray compute(Node node, List<INDArray> in) {
        Shape out = node.requireShape();
        return switch (node.op()) {
            case Op.Constant c -> Arrays.of(c.value());
            case Op.Conv2d c -> conv(in.getFirst(), c.weight(), c.bias(), c.geometry());
            case Op.BinaryConv2d b -> conv(sign(in.getFirst(), b.signOfZero()), b.weight(), b.bias(), b.geometry());
            case Op.Linear l -> linear(in.getFirst(), l.weight(), l.bias());
            case Op.BinaryLinear b -> linear(sign(in.getFirst(), b.signOfZero()), b.weight(), b.bias());
            case Op.BatchNorm2d b -> batchNorm(in.getFirst(), b, out.rank());
            case Op.Relu r -> Transforms.max(in.getFirst(), 0, true);
            case Op.Clip c -> Transforms.min(Transforms.max(in.getFirst(), c.min(), true), c.max(), false);
            case Op.LeakyRelu l -> Transforms.leakyRelu(in.getFirst(), l.negativeSlope(), true);
            case Op.Sigmoid s -> Transforms.sigmoid(in.getFirst(), true);
            case Op.Sign s -> sign(in.getFirst(), s.signOfZero());
            case Op.Add a -> in.get(0).add(in.get(1));
            case Op.Mul m -> in.get(0).mul(in.get(1));
            case Op.MaxPool2d p -> Windows.max(in.getFirst(), p.geometry(), out.dim(2), out.dim(3));
            case Op.AvgPool2d p -> Windows.average(in.getFirst(), p.geometry(), p.countIncludePad(), out.dim(2), out.dim(3));
            case Op.AdaptiveAvgPool2d p -> Windows.adaptiveAverage(in.getFirst(), p.outHeight(), p.outWidth());
            case Op.LocalResponseNorm l -> localResponseNorm(in.getFirst(), l);
            case Op.Softmax s -> softmax(in.getFirst(), s.axis());
            case Op.LogSoftmax s -> Transforms.log(softmax(in.getFirst(), s.axis()), false);
            case Op.Concat c -> Nd4j.concat(c.axis(), in.toArray(INDArray[]::new));
            case Op.Flatten f -> reshaped(in.getFirst(), out);
            case Op.Reshape r -> reshaped(in.getFirst(), out);
            case Op.Dropout d -> in.getFirst();
            case Op.Identity i -> in.getFirst();
            case Op.DeQuantStub d -> in.getFirst();
            case Op.QuantStub q when q.params().isEmpty() -> in.getFirst();
            case Op.Pointwise p when Functions.knows(p) -> Functions.apply(p, in.getFirst());
            case Op.Pairwise p when Functions.knows(p) -> Functions.apply(p, in.get(0), in.get(1));
            case Op.Reduce r when Functions.knows(r) -> reshaped(Functions.apply(r, in.getFirst()), out);
            case Op.Rearrange r when r.how() instanceof Rearrangement.Permute p ->
                    in.getFirst().permute(p.dims().stream().mapToInt(Integer::intValue).toArray());
            case Op.Rearrange r when r.how() instanceof Rearrangement.Slice s && s.steps().stream().allMatch(step -> step > 0) ->
                    reshaped(slice(in.getFirst(), s), out);
            case Op.GroupNorm g -> groupNorm(in.getFirst(), g, out);
            default -> throw new UnsupportedOperatorException(
                    node.name() + ": the fp32 reference does not run " + node.op().kind());
        };
    }

    /** Whether a layer of fp32 values can be computed. */
    public boolean runs(Node node, List<Node> inputs) {
        boolean floats = node.type() instanceof ValueType.Float32
                && inputs.stream().allMatch(n -> n.type() instanceof ValueType.Float32);
        return floats && switch (node.op()) {
            case Op.Pointwise p -> Functions.knows(p);
            case Op.Pairwise p -> Functions.knows(p);
            case Op.Reduce r -> Functions.knows(r);
            case Op.Rearrange r -> r.how() instanceof Rearrangement.Permute
                    || r.how() instanceof Rearrangement.Slice s && s.steps().stream().allMatch(step -> step > 0);
            case Op.Where _, Op.MatMul _, Op.Upsample _, Op.ConvTranspose2d _, Op.LayerNorm _, Op.LPPool2d _, Op.Unsupported _ ->
                    false;
            default -> true;
        };
    }

    private static INDArray slice(INDArray x, Rearrangement.Slice s) {
        INDArrayIndex[] indices = new INDArrayIndex[s.sizes().size()];
        for (int axis = 0; axis < indices.length; axis++) {
            long start = s.starts().get(axis);
            long step = s.steps().get(axis);
            indices[axis] = NDArrayIndex.interval(start, step, start + (s.sizes().get(axis) - 1) * step + 1);
        }
        return x.get(indices);
    }

    /** Over [groups, everything of a group]. */
    private static INDArray groupNorm(INDArray x, Op.GroupNorm g, Shape shape) {
        INDArray rows = x.dup('c').reshape(g.groups(), x.length() / g.groups());
        INDArray centred = rows.subColumnVector(rows.mean(true, 1));
        INDArray deviation = Transforms.sqrt(centred.mul(centred).mean(true, 1).add(g.eps()), false);
        INDArray normal = reshaped(centred.divColumnVector(deviation), shape);
        return normal.mul(perChannel(g.weight(), shape.rank())).add(perChannel(g.bias(), shape.rank()));
    }

    private static INDArray perChannel(FloatTensor vector, int rank) {
        long[] dims = new long[rank];
        java.util.Arrays.fill(dims, 1);
        dims[1] = vector.data().length;
        return Arrays.of(vector).reshape(dims);
    }

    private static INDArray conv(INDArray x, FloatTensor weight, Optional<FloatTensor> bias, ConvGeometry g) {
        INDArray padded = pad(x, g);
        INDArray w = Arrays.of(weight);
        long outPerGroup = w.size(0) / g.groups();
        long inPerGroup = w.size(1);
        INDArray[] parts = new INDArray[g.groups()];
        Conv2DConfig config = Conv2DConfig.builder().kH(w.size(2)).kW(w.size(3)).sH(g.strideH()).sW(g.strideW())
                .pH(0).pW(0).dH(g.dilationH()).dW(g.dilationW()).paddingMode(PaddingMode.VALID).dataFormat("NCHW")
                .weightsFormat(WeightsFormat.OIYX).build();
        for (int i = 0; i < parts.length; i++) {
            INDArray input = padded.get(NDArrayIndex.all(), NDArrayIndex.interval(i * inPerGroup, (i + 1) * inPerGroup),
                    NDArrayIndex.all(), NDArrayIndex.all()).dup('c');
            INDArray kernel = w.get(NDArrayIndex.interval(i * outPerGroup, (i + 1) * outPerGroup), NDArrayIndex.all(),
                    NDArrayIndex.all(), NDArrayIndex.all()).dup('c');
            parts[i] = Nd4j.exec(new Conv2D(input, kernel, null, config))[0];
        }
        INDArray y = parts.length == 1 ? parts[0] : Nd4j.concat(1, parts);
        return bias.isPresent() ? y.add(Arrays.perChannel(bias.get(), 4)) : y;
    }

    private static INDArray pad(INDArray x, ConvGeometry g) {
        INDArray padded = Nd4j.zeros(1, x.size(1), x.size(2) + g.padTop() + g.padBottom(),
                x.size(3) + g.padLeft() + g.padRight());
        padded.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(g.padTop(), g.padTop() + x.size(2)),
                NDArrayIndex.interval(g.padLeft(), g.padLeft() + x.size(3))).assign(x);
        return padded;
    }

    private static INDArray linear(INDArray x, FloatTensor weight, Optional<FloatTensor> bias) {
        long features = x.size(-1);
        INDArray rows = x.dup('c').reshape(x.length() / features, features);
        INDArray y = rows.mmul(Arrays.of(weight).transpose());
        if (bias.isPresent()) {
            y = y.add(Arrays.perChannel(bias.get(), 2));
        }
        long[] shape = x.shape().clone();
        shape[shape.length - 1] = weight.shape().dim(0);
        return y.dup('c').reshape(shape);
    }

    private static INDArray batchNorm(INDArray x, Op.BatchNorm2d b, int rank) {
        INDArray deviation = Transforms.sqrt(Arrays.perChannel(b.variance(), rank).add(b.eps()), false);
        return x.sub(Arrays.perChannel(b.mean(), rank)).div(deviation).mul(Arrays.perChannel(b.weight(), rank))
                .add(Arrays.perChannel(b.bias(), rank));
    }

    private static INDArray sign(INDArray x, SignOfZero rule) {
        INDArray sign = Transforms.sign(x, true);
        float zero = switch (rule) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
        return zero == 0 ? sign : sign.add(x.eq(0).castTo(sign.dataType()).mul(zero));
    }

    private static INDArray localResponseNorm(INDArray x, Op.LocalResponseNorm l) {
        INDArray squares = x.mul(x);
        INDArray sums = Nd4j.zeros(x.shape());
        int before = l.size() / 2;
        for (int c = 0; c < x.size(1); c++) {
            int from = Math.max(0, c - before);
            long to = Math.min(x.size(1), c - before + l.size());
            INDArray window = squares.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all(),
                    NDArrayIndex.all());
            sums.get(NDArrayIndex.all(), NDArrayIndex.interval(c, c + 1), NDArrayIndex.all(), NDArrayIndex.all())
                    .assign(window.sum(true, 1));
        }
        return x.div(Transforms.pow(sums.mul(l.alpha() / l.size()).add(l.k()), l.beta(), false));
    }

    private static INDArray softmax(INDArray x, int axis) {
        INDArray e = Transforms.exp(x.sub(x.max(true, axis)), false);
        return e.div(e.sum(true, axis));
    }

    private static INDArray reshaped(INDArray x, Shape shape) {
        return x.dup('c').reshape(shape.dims().stream().mapToLong(Integer::longValue).toArray());
    }
}
