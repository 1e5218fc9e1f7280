package quantscope.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Derives the shape of an operator's value and refuses inputs and parameters that do not fit it. */
final class ShapeInference {

    /** Above this many elements an activation is taken for a broken file. */
    private static final long LARGEST = 1L << 29;

    private final String name;
    private final List<Node> in;

    private ShapeInference(String name, List<Node> in) {
        this.name = name;
        this.in = in;
    }

    /**
     * @return empty where an input's shape is not known
     * @throws InvalidGraphException when inputs or parameters do not fit the operator
     */
    static Optional<Shape> shape(String name, Op op, List<Node> in) {
        ShapeInference inference = new ShapeInference(name, in);
        inference.checkArity(op);
        if (op instanceof Op.Unsupported u) {
            return u.shape();
        }
        if (in.stream().anyMatch(n -> n.shape().isEmpty())) {
            return Optional.empty();
        }
        Shape shape = inference.infer(op);
        long elements;
        try {
            elements = shape.elements();
        } catch (ArithmeticException e) {
            elements = Long.MAX_VALUE;
        }
        if (elements > LARGEST) {
            throw inference.error("the value would have shape " + shape + ", more than " + LARGEST + " elements");
        }
        if (elements == 0) {
            throw inference.error("the value would be empty, shape " + shape);
        }
        return Optional.of(shape);
    }

    private void checkArity(Op op) {
        int expected = switch (op) {
            case Op.Input i -> 0;
            case Op.Constant c -> 0;
            case Op.Add a -> 2;
            case Op.Mul m -> 2;
            case Op.Pairwise p -> 2;
            case Op.MatMul m -> 2;
            case Op.Where w -> 3;
            case Op.QuantizedAdd a -> 2;
            case Op.QuantizedMul m -> 2;
            case Op.Concat c -> -1;
            case Op.QuantizedConcat c -> -1;
            case Op.Unsupported u -> -1;
            default -> 1;
        };
        if (expected >= 0 && in.size() != expected) {
            throw error(op.kind() + " has " + in.size() + " inputs, expected " + expected);
        }
        if (expected < 0 && in.isEmpty() && !(op instanceof Op.Unsupported)) {
            throw error(op.kind() + " has no input");
        }
    }

    private Shape infer(Op op) {
        return switch (op) {
            case Op.Input i -> i.shape();
            case Op.Constant c -> c.value().shape();
            case Op.Conv2d c -> conv(c.weight().shape(), c.bias(), c.geometry());
            case Op.BinaryConv2d c -> conv(c.weight().shape(), c.bias(), c.geometry());
            case Op.QuantizedConv2d c -> conv(c.weight().shape(), c.bias(), c.geometry());
            case Op.Linear l -> linear(l.weight().shape(), l.bias());
            case Op.BinaryLinear l -> linear(l.weight().shape(), l.bias());
            case Op.QuantizedLinear l -> linear(l.weight().shape(), l.bias());
            case Op.BatchNorm2d b -> batchNorm(b.weight(), b.bias(), b.mean(), b.variance());
            case Op.QuantizedBatchNorm2d b -> batchNorm(b.weight(), b.bias(), b.mean(), b.variance());
            case Op.Add a -> broadcast();
            case Op.Mul m -> broadcast();
            case Op.QuantizedAdd a -> broadcast();
            case Op.QuantizedMul m -> broadcast();
            case Op.Pairwise p -> broadcast();
            case Op.Where w -> OperatorShapes.broadcast(name, shapes());
            case Op.MatMul m -> OperatorShapes.product(name, first(), in.get(1).requireShape());
            case Op.Reduce r -> OperatorShapes.reduced(name, first(), r);
            case Op.Rearrange r -> OperatorShapes.rearranged(name, first(), r.how());
            case Op.Upsample u -> OperatorShapes.upsampled(name, first(), u.how());
            case Op.ConvTranspose2d c -> OperatorShapes.transposed(name, image(), c);
            case Op.GroupNorm g -> OperatorShapes.groupNorm(name, first(), g);
            case Op.LayerNorm l -> OperatorShapes.layerNorm(name, first(), l);
            case Op.LPPool2d p -> pool(p.geometry());
            case Op.MaxPool2d p -> pool(p.geometry());
            case Op.AvgPool2d p -> pool(p.geometry());
            case Op.AdaptiveAvgPool2d p -> image().with(2, p.outHeight()).with(3, p.outWidth());
            case Op.LocalResponseNorm l -> image();
            case Op.Concat c -> concat(c.axis());
            case Op.QuantizedConcat c -> concat(c.axis());
            case Op.Flatten f -> flatten(f.startDim());
            case Op.Reshape r -> reshape(r.shape());
            case Op.Softmax s -> axis(s.axis());
            case Op.LogSoftmax s -> axis(s.axis());
            case Op.Relu r -> first();
            case Op.Clip c -> first();
            case Op.LeakyRelu l -> first();
            case Op.Sigmoid s -> first();
            case Op.Sign s -> first();
            case Op.Pointwise p -> first();
            case Op.Dropout d -> first();
            case Op.Identity i -> first();
            case Op.QuantStub q -> first();
            case Op.DeQuantStub d -> first();
            case Op.QuantizedLeakyRelu q -> first();
            case Op.QuantizedAvgPool2d q -> pool(q.geometry());
            case Op.QuantizedGlobalAvgPool2d q -> image().with(2, 1).with(3, 1);
            case Op.AsQuantized q -> first();
            case Op.QuantizedSigmoid q -> first();
            case Op.Unsupported u -> throw new IllegalStateException("handled before");
        };
    }

    private Shape first() {
        return in.getFirst().requireShape();
    }

    private Shape image() {
        Shape shape = first();
        if (shape.rank() != 4) {
            throw error("input " + shape + " has rank " + shape.rank() + ", expected 4 (NCHW)");
        }
        return shape;
    }

    private Shape conv(Shape weight, Optional<FloatTensor> bias, ConvGeometry g) {
        Shape x = image();
        if (weight.rank() != 4) {
            throw error("weight " + weight + " has rank " + weight.rank() + ", expected 4 (OIHW)");
        }
        if (x.dim(1) != weight.dim(1) * g.groups()) {
            throw error("input has " + x.dim(1) + " channels, weight " + weight + " with " + g.groups()
                    + " groups expects " + (long) weight.dim(1) * g.groups());
        }
        if (weight.dim(0) % g.groups() != 0) {
            throw error(weight.dim(0) + " output channels are not divisible by " + g.groups() + " groups");
        }
        checkBias(bias, weight.dim(0));
        return spatial(x, weight.dim(0), g.outHeight(x.dim(2), weight.dim(2)), g.outWidth(x.dim(3), weight.dim(3)));
    }

    private Shape pool(PoolGeometry g) {
        Shape x = image();
        return spatial(x, x.dim(1), g.outHeight(x.dim(2)), g.outWidth(x.dim(3)));
    }

    private Shape spatial(Shape x, int channels, long height, long width) {
        if (height < 1 || width < 1) {
            throw error("the kernel is larger than the padded input " + x + ": output would be "
                    + height + " x " + width);
        }
        return Shape.of(x.dim(0), channels, Math.toIntExact(height), Math.toIntExact(width));
    }

    private Shape linear(Shape weight, Optional<FloatTensor> bias) {
        Shape x = first();
        if (weight.rank() != 2) {
            throw error("weight " + weight + " has rank " + weight.rank() + ", expected 2 (out, in)");
        }
        if (x.rank() < 2 || x.dim(-1) != weight.dim(1)) {
            throw error("input " + x + " does not end in the " + weight.dim(1) + " features that weight "
                    + weight + " expects");
        }
        checkBias(bias, weight.dim(0));
        return x.with(-1, weight.dim(0));
    }

    private void checkBias(Optional<FloatTensor> bias, int channels) {
        if (bias.isPresent() && !bias.get().shape().equals(Shape.of(channels))) {
            throw error("bias " + bias.get().shape() + ", expected [" + channels + "]");
        }
    }

    private Shape batchNorm(FloatTensor... parameters) {
        Shape x = first();
        if (x.rank() < 2) {
            throw error("input " + x + " has no channel axis");
        }
        for (FloatTensor p : parameters) {
            if (!p.shape().equals(Shape.of(x.dim(1)))) {
                throw error("parameter " + p.shape() + " does not fit the " + x.dim(1) + " channels of " + x);
            }
        }
        return x;
    }

    private Shape broadcast() {
        return OperatorShapes.broadcast(name, shapes());
    }

    private List<Shape> shapes() {
        return in.stream().map(Node::requireShape).toList();
    }

    private Shape concat(int axis) {
        Shape joined = axis(axis);
        int extent = 0;
        for (Node node : in) {
            Shape shape = node.requireShape();
            if (shape.rank() != joined.rank() || !shape.with(axis, 0).equals(joined.with(axis, 0))) {
                throw error("cannot join " + shape + " of " + node.name() + " to " + joined + " along axis " + axis);
            }
            extent = Math.addExact(extent, shape.dim(axis));
        }
        return joined.with(axis, extent);
    }

    private Shape axis(int axis) {
        Shape x = first();
        if (axis < 0 || axis >= x.rank()) {
            throw error("axis " + axis + " is outside of " + x);
        }
        return x;
    }

    private Shape flatten(int startDim) {
        Shape x = first();
        if (startDim < 0 || startDim > x.rank()) {
            throw error("cannot flatten " + x + " from axis " + startDim);
        }
        List<Integer> kept = new ArrayList<>(startDim == 0 ? List.of(1) : x.dims().subList(0, startDim));
        long rest = x.dims().subList(startDim, x.rank()).stream().mapToLong(Integer::longValue).reduce(1, (p, q) -> p * q);
        kept.add(Math.toIntExact(rest));
        return new Shape(kept);
    }

    private Shape reshape(Shape target) {
        Shape x = first();
        if (target.elements() != x.elements()) {
            throw error("cannot reshape " + x + " to " + target);
        }
        return target;
    }

    private InvalidGraphException error(String detail) {
        return new InvalidGraphException(name, detail);
    }
}
