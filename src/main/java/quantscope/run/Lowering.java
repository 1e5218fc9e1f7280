package quantscope.run;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.SignOfZero;
import quantscope.graph.ValueType;
import quantscope.kernel.Broadcast;
import quantscope.kernel.Channels;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.SignSource;
import quantscope.kernel.UnaryFunction;
import quantscope.quant.Profile;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Says which kernel computes a node, or that its value is its input's under another name. */
final class Lowering {

    /** Of fp32, in an array's bytes. */
    private static final long MOST_PADDED = Integer.MAX_VALUE / Float.BYTES;

    private final Node node;
    private final List<Node> in;

    private final boolean channelsLast;
    private final Profile profile;

    private Lowering(Node node, List<Node> in, boolean channelsLast, Profile profile) {
        this.node = node;
        this.in = in;
        this.channelsLast = channelsLast;
        this.profile = profile;
    }

    /**
     * @param in           the node's inputs
     * @param channelsLast whether PyTorch would hold all of them in channels-last order
     * @param profile      whose arithmetic int8 nodes follow
     * @return empty where the value is the first input's own memory
     * @throws UnsupportedOperatorException when no kernel computes it
     */
    static Optional<KernelSpec> lower(Node node, List<Node> in, boolean channelsLast, Profile profile) {
        if (node.shape().isPresent() && node.requireShape().rank() == 4 && node.requireShape().dim(0) != 1) {
            throw new UnsupportedOperatorException(node.name() + ": the value has shape " + node.requireShape()
                    + ", but a graph runs one image at a time; its first extent must be 1");
        }
        return new Lowering(UnsignedLevels.of(node, profile), in.stream().map(n -> UnsignedLevels.of(n, profile)).toList(),
                channelsLast, profile).lower();
    }

    private Optional<KernelSpec> lower() {
        return switch (node.op()) {
            case Op.Input i -> Optional.empty();
            case Op.Constant c -> Optional.empty();
            case Op.Flatten f -> reorder();
            case Op.Reshape r -> reorder();
            case Op.Dropout d -> Optional.empty();
            case Op.Identity i -> Optional.empty();
            case Op.Conv2d c -> Optional.of(new KernelSpec.Conv(conv(c.weight().shape(), c.geometry()),
                    c.weight().data(), bias(c.bias(), c.weight())));
            case Op.Linear l -> Optional.of(rows(new KernelSpec.Conv(linear(l.weight().shape()), l.weight().data(),
                    bias(l.bias(), l.weight()))));
            case Op.BinaryConv2d c -> Optional.of(new KernelSpec.BinaryConv(conv(c.weight().shape(), c.geometry()),
                    signs(c.signOfZero()), c.weight().data(), c.alpha().data(), bias(c.bias(), c.weight())));
            case Op.BinaryLinear l -> Optional.of(rows(new KernelSpec.BinaryConv(linear(l.weight().shape()),
                    signs(l.signOfZero()), l.weight().data(), l.alpha().data(), bias(l.bias(), l.weight()))));
            case Op.BatchNorm2d b -> Optional.of(batchNorm(b));
            case Op.Relu r -> Optional.of(unary(UnaryFunction.RELU, 0, 0));
            case Op.Clip c -> Optional.of(unary(UnaryFunction.CLIP, c.min(), c.max()));
            case Op.LeakyRelu l -> Optional.of(unary(UnaryFunction.LEAKY_RELU, l.negativeSlope(), 0));
            case Op.Sigmoid s -> Optional.of(unary(UnaryFunction.SIGMOID, 0, 0));
            case Op.Sign s -> Optional.of(unary(UnaryFunction.SIGN, zeroSign(s.signOfZero()), 0));
            case Op.Add a -> Optional.of(new KernelSpec.Binary(broadcast(), false));
            case Op.Mul m -> Optional.of(new KernelSpec.Binary(broadcast(), true));
            case Op.MaxPool2d p -> Optional.of(PoolLowering.max(node, in.getFirst(), p));
            case Op.AvgPool2d p -> Optional.of(PoolLowering.average(node, in.getFirst(), p, channelsLast, profile));
            case Op.AdaptiveAvgPool2d p -> Optional.of(PoolLowering.adaptive(node, in.getFirst(), channelsLast, profile));
            case Op.LocalResponseNorm l -> Optional.of(new KernelSpec.LocalResponseNorm(
                    shape().dim(2) * shape().dim(3), shape().dim(1), l.size(), l.alpha(), l.beta(), l.k()));
            case Op.Softmax s -> Optional.of(softmax(s.axis(), false));
            case Op.LogSoftmax s -> Optional.of(softmax(s.axis(), true));
            case Op.Pointwise p -> Optional.of(new KernelSpec.Pointwise(shape().size(), p.function(), p.a(), p.b()));
            case Op.Pairwise p -> Optional.of(new KernelSpec.Pairwise(broadcast(), p.function()));
            case Op.Where w -> Optional.of(TableLowering.select(node, in));
            case Op.Reduce r -> Optional.of(TableLowering.reduce(node, in.getFirst(), r));
            case Op.MatMul m -> Optional.of(TableLowering.matrices(node, in));
            case Op.Rearrange r -> Optional.of(TableLowering.rearrange(node, in.getFirst(), r.how()));
            case Op.Upsample u -> Optional.of(TableLowering.resample(node, in.getFirst(), u.how()));
            case Op.GroupNorm g -> Optional.of(NormLowering.groups(node, g));
            case Op.LayerNorm l -> Optional.of(NormLowering.layer(node, l));
            case Op.LPPool2d p -> Optional.of(PoolLowering.lp(node, in.getFirst(), p));
            case Op.ConvTranspose2d c -> Optional.of(new KernelSpec.TransposedConv(transposed(c), c.weight().data(),
                    c.bias().map(FloatTensor::data).orElseGet(() -> new float[shape().dim(1)])));
            case Op.Concat c -> Optional.of(new KernelSpec.Concat(outer(c.axis()), lengths(c.axis())));
            case Op.QuantStub q -> q.params().map(p -> Int8Lowering.quantize(node, p, profile));
            case Op.DeQuantStub d -> in.getFirst().type() instanceof ValueType.Int8 t
                    ? Optional.of(Int8Lowering.dequantize(node, t.params())) : Optional.empty();
            case Op.QuantizedConv2d q -> Optional.of(Int8Lowering.conv(node, in.getFirst(),
                    conv(q.weight().shape(), q.geometry()), q, profile));
            case Op.QuantizedLinear q -> Optional.of(rows(Int8Lowering.linear(node, in.getFirst(),
                    linear(q.weight().shape()), q, profile)));
            case Op.QuantizedBatchNorm2d q -> Optional.of(Int8Lowering.batchNorm(node, in.getFirst(), q, profile));
            case Op.QuantizedAdd q -> Optional.of(Int8Lowering.add(node, in, broadcast(), q, profile));
            case Op.QuantizedMul q -> Optional.of(Int8Lowering.multiply(node, in, broadcast(), q, profile));
            case Op.QuantizedConcat q -> Optional.of(Int8Lowering.concat(node, in, outer(q.axis()),
                    lengths(q.axis()), channelsLast, q, profile));
            case Op.QuantizedLeakyRelu q -> Optional.of(Int8Lowering.leakyRelu(node, in.getFirst(), q, profile));
            case Op.QuantizedSigmoid q -> Optional.of(Int8Lowering.sigmoid(node, in.getFirst(), q, profile));
            case Op.QuantizedAvgPool2d q -> Optional.of(PoolLowering.average(node, in.getFirst(), q));
            case Op.QuantizedGlobalAvgPool2d q -> Optional.of(PoolLowering.global(in.getFirst(), q.out()));
            case Op.AsQuantized q -> Optional.empty();
            case Op.Unsupported u -> throw new UnsupportedOperatorException(node.name() + ": " + u.operator()
                    + " cannot run, " + u.reason());
        };
    }

    private Shape shape() {
        return node.requireShape();
    }

    /** @throws UnsupportedOperatorException where a copy of the input with its padding would fit no array */
    private ConvShape conv(Shape weight, ConvGeometry g) {
        Shape x = in.getFirst().requireShape();
        long height = (long) x.dim(2) + g.padTop() + g.padBottom();
        long width = (long) x.dim(3) + g.padLeft() + g.padRight();
        if (Math.max(height, width) > MOST_PADDED || height * width > MOST_PADDED / x.dim(1)) {
            throw new UnsupportedOperatorException(node.name() + ": with its padding the input has " + height + " x " + width
                    + " pixels of " + x.dim(1) + " channels, expected " + MOST_PADDED + " values at most; use a smaller padding");
        }
        return new ConvShape(x.dim(1), x.dim(2), x.dim(3), weight.dim(0), shape().dim(2), shape().dim(3),
                weight.dim(2), weight.dim(3), g.strideH(), g.strideW(), g.padTop(), g.padLeft(), g.dilationH(),
                g.dilationW(), g.groups());
    }

    /** Of the convolution that takes this one's output and gives its input. */
    private ConvShape transposed(Op.ConvTranspose2d op) {
        Shape x = in.getFirst().requireShape();
        Shape weight = op.weight().shape();
        ConvGeometry g = op.geometry();
        return new ConvShape(shape().dim(1), shape().dim(2), shape().dim(3), x.dim(1), x.dim(2), x.dim(3), weight.dim(2),
                weight.dim(3), g.strideH(), g.strideW(), g.padTop(), g.padLeft(), g.dilationH(), g.dilationW(), g.groups());
    }

    private static ConvShape linear(Shape weight) {
        return ConvShape.linear(weight.dim(1), weight.dim(0));
    }

    /** Another shape is another name for the same memory unless one of both is an image. */
    private Optional<KernelSpec> reorder() {
        Channels from = Layout.channels(in.getFirst().requireShape());
        Channels to = Layout.channels(shape());
        return from.equals(to) ? Optional.empty()
                : Optional.of(new KernelSpec.Reorder(node.type() instanceof ValueType.Int8, from, to));
    }

    /** @throws UnsupportedOperatorException for images, whose rows are no neighbours in memory */
    private KernelSpec rows(KernelSpec inner) {
        if (Layout.channels(in.getFirst().requireShape()).channels() > 1) {
            throw new UnsupportedOperatorException(node.name() + ": a linear layer over the columns of an image, "
                    + in.getFirst().requireShape() + ", cannot run; flatten the image first");
        }
        int out = shape().dim(-1);
        int rows = shape().size() / out;
        int inputs = in.getFirst().requireShape().dim(-1);
        return rows == 1 ? inner : new KernelSpec.Rows(rows, inputs, out, inner);
    }

    private static float[] bias(Optional<FloatTensor> bias, FloatTensor weight) {
        return bias.map(FloatTensor::data).orElseGet(() -> new float[weight.shape().dim(0)]);
    }

    private SignSource signs(SignOfZero zero) {
        return switch (in.getFirst().type()) {
            case ValueType.Float32 f -> SignSource.float32(zeroSign(zero));
            case ValueType.Int8 i -> SignSource.int8(i.params().zeroPoint(), zeroSign(zero));
        };
    }

    private static int zeroSign(SignOfZero zero) {
        return switch (zero) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
    }

    private KernelSpec unary(UnaryFunction function, float a, float b) {
        return in.getFirst().type() instanceof ValueType.Int8 t
                ? Int8Lowering.clamp(node, t.params(), function, a, b)
                : new KernelSpec.Unary(shape().size(), function, a, b);
    }

    /** As ATen's batch_norm_cpu: the four parameters become a factor and an offset first, each product fused. */
    private KernelSpec batchNorm(Op.BatchNorm2d b) {
        int channels = shape().dim(1);
        float[] factor = new float[channels];
        float[] offset = new float[channels];
        for (int c = 0; c < channels; c++) {
            float inverse = 1 / (float) Math.sqrt(b.variance().data()[c] + b.eps());
            factor[c] = inverse * b.weight().data()[c];
            offset[c] = Math.fma(-b.mean().data()[c], factor[c], b.bias().data()[c]);
        }
        int outer = outer(1);
        return new KernelSpec.BatchNorm(outer, channels, shape().size() / channels / outer, factor, offset);
    }

    private Broadcast broadcast() {
        Shape a = in.getFirst().requireShape();
        Shape b = in.get(1).requireShape();
        int rank = Math.max(a.rank(), b.rank());
        int[] order = rank == 4 ? new int[] {0, 2, 3, 1} : IntStream.range(0, rank).toArray();
        return Broadcast.of(a.toArray(), Layout.strides(a), b.toArray(), Layout.strides(b), order);
    }

    private KernelSpec softmax(int axis, boolean log) {
        int length = shape().dim(axis);
        int outer = outer(axis);
        return new KernelSpec.Softmax(outer, length, shape().size() / outer / length, log);
    }

    /** Steps over the axes that are outside of one, in the memory's order. */
    private int outer(int axis) {
        return Arrays.stream(Layout.dims(shape()), 0, Layout.axis(shape(), axis)).reduce(1, Math::multiplyExact);
    }

    /** Elements of each input for one of these steps. */
    private int[] lengths(int axis) {
        return in.stream().mapToInt(n -> {
            int[] dims = Layout.dims(n.requireShape());
            return Arrays.stream(dims, Layout.axis(n.requireShape(), axis), dims.length)
                    .reduce(1, Math::multiplyExact);
        }).toArray();
    }
}
