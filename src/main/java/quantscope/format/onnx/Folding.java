package quantscope.format.onnx;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Elementwise.Unary;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Making;
import quantscope.format.fold.Moving;
import quantscope.format.fold.Reducing;
import quantscope.format.onnx.OnnxFile.AttributePart;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Computes ONNX operators whose inputs are all known. */
final class Folding {

    private final TensorLoader loader;
    private final long opset;
    private final FilledTensors filled = new FilledTensors();

    Folding(TensorLoader loader, long opset) {
        this.loader = loader;
        this.opset = opset;
    }

    /**
     * @param in the node's inputs; an optional input that is left out is empty
     * @return empty for an operator that is not computed here
     * @throws FoldException when the inputs do not fit
     */
    Optional<Known> fold(NodePart node, List<Optional<Known>> in) throws ModelFormatException, IOException {
        Inputs x = new Inputs(in);
        Attributes a = Attributes.of(node);
        return Optional.ofNullable(switch (node.operator()) {
            case "Constant" -> constant(a);
            case "ConstantOfShape" -> filled.make(x.get(0).longs().data(),
                    a.find("value").flatMap(AttributePart::tensor).isPresent() ? constant(a) : Known.scalar(0));
            case "Identity", "Dropout" -> x.get(0);
            case "Shape" -> shape(x.get(0).shape(), a);
            case "Size" -> Known.Longs.scalar(x.get(0).shape().elements());
            case "Cast" -> cast(x.get(0), a.integer("to", 1));
            case "Sign" -> Elementwise.unary(Unary.SIGN, x.get(0));
            case "Abs" -> Elementwise.unary(Unary.ABS, x.get(0));
            case "Neg" -> Elementwise.unary(Unary.NEG, x.get(0));
            case "Sqrt" -> Elementwise.unary(Unary.SQRT, x.get(0));
            case "Reciprocal" -> Elementwise.unary(Unary.RECIPROCAL, x.get(0));
            case "Exp" -> Elementwise.unary(Unary.EXP, x.get(0));
            case "Log" -> Elementwise.unary(Unary.LOG, x.get(0));
            case "Floor" -> Elementwise.unary(Unary.FLOOR, x.get(0));
            case "Ceil" -> Elementwise.unary(Unary.CEIL, x.get(0));
            case "Round" -> Elementwise.unary(Unary.ROUND, x.get(0));
            case "Tanh" -> Elementwise.unary(Unary.TANH, x.get(0));
            case "Sigmoid" -> Elementwise.unary(Unary.SIGMOID, x.get(0));
            case "Relu" -> Elementwise.unary(Unary.RELU, x.get(0));
            case "Not" -> Elementwise.unary(Unary.NOT, x.get(0));
            case "Add" -> x.binary(Binary.ADD);
            case "Sub" -> x.binary(Binary.SUB);
            case "Mul" -> x.binary(Binary.MUL);
            case "Div" -> x.binary(Binary.DIV);
            case "Pow" -> x.binary(Binary.POW);
            case "And" -> x.binary(Binary.AND);
            case "Or" -> x.binary(Binary.OR);
            case "Equal" -> x.binary(Binary.EQUAL);
            case "Greater" -> x.binary(Binary.GREATER);
            case "GreaterOrEqual" -> x.binary(Binary.GREATER_EQUAL);
            case "Less" -> x.binary(Binary.LESS);
            case "LessOrEqual" -> x.binary(Binary.LESS_EQUAL);
            case "Sum" -> x.all(Binary.ADD);
            case "Min" -> x.all(Binary.MIN);
            case "Max" -> x.all(Binary.MAX);
            case "Where" -> Elementwise.where(x.get(0), x.get(1), x.get(2));
            case "Clip" -> Elementwise.clamp(x.get(0), x.scalar(1, a.number("min", Float.NEGATIVE_INFINITY)),
                    x.scalar(2, a.number("max", Float.POSITIVE_INFINITY)));
            case "ReduceMean" -> reduce(Reducing.Kind.MEAN, x, a);
            case "ReduceSum" -> reduce(Reducing.Kind.SUM, x, a);
            case "ReduceMax" -> reduce(Reducing.Kind.MAX, x, a);
            case "ReduceMin" -> reduce(Reducing.Kind.MIN, x, a);
            case "ReduceProd" -> reduce(Reducing.Kind.PROD, x, a);
            case "ReduceL1" -> reduce(Reducing.Kind.L1, x, a);
            case "ReduceL2" -> reduce(Reducing.Kind.L2, x, a);
            case "Reshape" -> Moving.reshape(x.get(0), x.get(1).longs().data(), a.integer("allowzero", 0) == 0);
            case "Flatten" -> flatten(x.get(0), a.integer("axis", 1));
            case "Transpose" -> transpose(x.get(0), a);
            case "Expand" -> Moving.expand(x.get(0), x.get(1).longs().data());
            case "Unsqueeze" -> Moving.unsqueeze(x.get(0), axes(x, a));
            case "Squeeze" -> Moving.squeeze(x.get(0), axes(x, a));
            case "Concat" -> Moving.concat(IntStream.range(0, in.size()).mapToObj(x::get).toList(),
                    a.integer("axis", 0));
            case "Gather" -> Moving.gather(x.get(0), x.get(1), a.integer("axis", 0));
            case "Slice" -> slice(x, a);
            case "Range" -> Making.range(x.get(0).longs().data()[0], x.get(1).longs().data()[0],
                    x.get(2).longs().data()[0]);
            default -> null;
        });
    }

    /** The Shape operator: extents from {@code start} to {@code end}. */
    static Known shape(Shape shape, Attributes a) {
        Known all = Making.shapeOf(shape);
        return shape.rank() == 0 ? all
                : Moving.slice(all, 0, a.integer("start", 0), a.integer("end", shape.rank()), 1);
    }

    private Known constant(Attributes a) throws ModelFormatException, IOException {
        for (AttributePart part : a.parts().values()) {
            switch (part.name()) {
                case "value" -> {
                    if (part.tensor().isPresent()) {
                        return loader.load(part.tensor().get());
                    }
                }
                case "value_float" -> {
                    return Known.scalar(part.number());
                }
                case "value_int" -> {
                    return Known.Longs.scalar(part.integer());
                }
                case "value_ints" -> {
                    return Known.Longs.of(a.integers("value_ints"));
                }
                case "value_floats" -> {
                    float[] values = new float[part.floats().size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = part.floats().get(i);
                    }
                    return Known.of(FloatTensor.vector(values));
                }
                default -> { }
            }
        }
        throw new FoldException("has no value of a kind that can be read, expected a tensor, numbers or integers");
    }

    private static Known cast(Known x, int to) {
        ElementType type = ElementType.of(to).orElseThrow(() ->
                new FoldException("casts to element type " + to + " of onnx.TensorProto, which cannot be read"));
        return type.floating() ? Known.of(x.floats()) : type == ElementType.BOOL ? x.booleans() : x.longs();
    }

    private Known reduce(Reducing.Kind kind, Inputs x, Attributes a) {
        long[] axes = axes(x, a);
        if (axes.length == 0 && a.integer("noop_with_empty_axes", 0) == 1) {
            return x.get(0);
        }
        return Reducing.reduce(kind, x.get(0), a.integer("keepdims", 1) == 1, axes);
    }

    /** An input in newer operator sets, an attribute in older ones. */
    private static long[] axes(Inputs x, Attributes a) {
        return x.has(1) ? x.get(1).longs().data() : a.integers("axes");
    }

    private static Known flatten(Known x, int axis) {
        int at = axis < 0 ? axis + x.shape().rank() : axis;
        long before = 1;
        for (int i = 0; i < Math.min(at, x.shape().rank()); i++) {
            before *= x.shape().dim(i);
        }
        return Moving.reshape(x, new long[] {before, before == 0 ? 0 : x.shape().elements() / before}, false);
    }

    private static Known transpose(Known x, Attributes a) {
        int rank = x.shape().rank();
        int[] reversed = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        return Moving.transpose(x, a.perAxis("perm", 0, reversed));
    }

    private Known slice(Inputs x, Attributes a) {
        long[] starts = opset < 10 ? a.integers("starts") : x.get(1).longs().data();
        long[] ends = opset < 10 ? a.integers("ends") : x.get(2).longs().data();
        long[] all = IntStream.range(0, starts.length).mapToLong(i -> i).toArray();
        long[] axes = opset < 10 ? a.integers("axes", all) : x.has(3) ? x.get(3).longs().data() : all;
        if (ends.length != starts.length || axes.length != starts.length) {
            throw new FoldException("starts, ends and axes have different lengths");
        }
        Known sliced = x.get(0);
        for (int i = 0; i < starts.length; i++) {
            long step = x.has(4) ? x.get(4).longs().data()[i] : 1;
            sliced = Moving.slice(sliced, axes[i], starts[i], ends[i], step);
        }
        return sliced;
    }

    /** The inputs of a node that is computed. */
    private record Inputs(List<Optional<Known>> in) {

        boolean has(int i) {
            return i < in.size() && in.get(i).isPresent();
        }

        Known get(int i) {
            if (!has(i)) {
                throw new FoldException("input " + i + " is missing");
            }
            return in.get(i).orElseThrow();
        }

        float scalar(int i, float otherwise) {
            if (!has(i)) {
                return otherwise;
            }
            if (get(i).shape().elements() != 1) {
                throw new FoldException("input " + i + " has shape " + get(i).shape() + ", expected one number");
            }
            return get(i).floats().data()[0];
        }

        Known binary(Binary f) {
            return Elementwise.binary(f, get(0), get(1));
        }

        Known all(Binary f) {
            Known result = get(0);
            for (int i = 1; i < in.size(); i++) {
                result = Elementwise.binary(f, result, get(i));
            }
            return result;
        }
    }
}
