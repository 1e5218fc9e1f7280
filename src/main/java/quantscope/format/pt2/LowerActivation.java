package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Rearrangement;
import quantscope.graph.SignOfZero;
import quantscope.tensor.Shape;

/** Activation functions, by torch.nn.functional's definitions. */
final class LowerActivation implements Lowering {

    private final Operands operands;

    LowerActivation(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.relu" -> operands.layer(new Op.Relu(), call, "self");
            case "aten.relu6" -> clip(call, 0, 6);
            case "aten.hardtanh" -> clip(call, call.number("min_val", -1), call.number("max_val", 1));
            case "aten.leaky_relu" -> leaky(call, call.number("negative_slope", 0.01), "self");
            case "aten.rrelu", "aten.rrelu_with_noise", "aten.rrelu_with_noise_functional" -> randomLeaky(call);
            case "aten.sigmoid" -> operands.layer(new Op.Sigmoid(), call, "self");
            case "aten.sign", "aten.sgn" -> operands.layer(new Op.Sign(SignOfZero.ZERO), call, "self");
            case "aten.prelu", "aten._prelu_kernel" -> prelu(call);
            case "aten.hardswish" -> function(call, PointwiseFunction.HARDSWISH, 0, 0);
            case "aten.hardsigmoid" -> function(call, PointwiseFunction.HARDSIGMOID, 1.0 / 6, 0.5);
            case "aten.silu" -> function(call, PointwiseFunction.SILU, 1, 0);
            case "aten.mish" -> function(call, PointwiseFunction.MISH, 0, 0);
            case "aten.gelu" -> function(call, PointwiseFunction.GELU,
                    call.text("approximate", "none").equals("tanh") ? 1 : 0, 0);
            case "aten.elu" -> elu(call);
            case "aten.selu" -> function(call, PointwiseFunction.SELU, SELU_ALPHA, SELU_SCALE);
            case "aten.celu" -> function(call, PointwiseFunction.CELU, call.number("alpha", 1), 0);
            case "aten.softplus" -> softplus(call);
            case "aten.log_sigmoid", "aten.log_sigmoid_forward" -> logSigmoid(call);
            case "aten.softshrink" -> function(call, PointwiseFunction.SHRINK, call.number("lambd", 0.5),
                    call.number("lambd", 0.5));
            case "aten.hardshrink" -> function(call, PointwiseFunction.SHRINK, 0, call.number("lambd", 0.5));
            case "aten.threshold" -> threshold(call);
            case "aten.glu" -> glu(call);
            default -> null;
        });
    }

    private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
    private static final double SELU_SCALE = 1.0507009873554804934193349852946;

    private Lowered function(Call call, PointwiseFunction function, double a, double b) throws ModelFormatException {
        return operands.layer(new Op.Pointwise(function, (float) a, (float) b), call, "self");
    }

    /** Bounds of 0 and infinity are ReLU's. */
    private Lowered clip(Call call, double min, double max) throws ModelFormatException {
        return operands.layer(Clips.of(call, min, max), call, "self");
    }

    private Lowered leaky(Call call, double slope, String input) throws ModelFormatException {
        return operands.layer(new Op.LeakyRelu((float) slope), call, input);
    }

    /** At inference the slope is the mean of its bounds. */
    private Lowered randomLeaky(Call call) throws ModelFormatException {
        if (call.bool("training", false)) {
            throw new NotSupportedException("It was exported in training mode; call eval() on the network and"
                    + " export it again.");
        }
        return leaky(call, (call.number("lower", 1.0 / 8) + call.number("upper", 1.0 / 3)) / 2, "self");
    }

    /** One slope, or one for each channel. */
    private Lowered prelu(Call call) throws ModelFormatException {
        String x = operands.node(call.tensor("self"));
        Slot weight = call.tensor("weight");
        Shape slopes = operands.knownShape(call, "weight");
        int rank = operands.knownShape(call, "self").rank();
        if (weight instanceof Slot.Fixed f && slopes.rank() == 1 && rank > 2) {
            int[] dims = new int[rank - 1];
            java.util.Arrays.fill(dims, 1);
            dims[0] = slopes.dim(0);
            weight = new Slot.Fixed(f.value().reshaped(Shape.of(dims)));
        }
        return new Lowered.Layer(new Op.Pairwise(PairFunction.PRELU), x, operands.node(weight));
    }

    /** scale x above 0, scale alpha (e^(input_scale x) - 1) else. */
    private Lowered elu(Call call) throws ModelFormatException {
        double alpha = call.number("alpha", 1);
        double scale = call.number("scale", 1);
        double inner = call.number("input_scale", 1);
        if (inner == 1) {
            return scale == 1 ? function(call, PointwiseFunction.ELU, alpha, 0)
                    : function(call, PointwiseFunction.SELU, alpha, scale);
        }
        if (scale == 1 && Math.abs(inner * alpha - 1) < 1e-6) {
            return function(call, PointwiseFunction.CELU, alpha, 0);
        }
        throw new NotSupportedException("The program has no ELU with scale " + scale + " and input_scale " + inner + ".");
    }

    /** log(1 + e^(beta x)) / beta, and x itself where beta x is above the threshold. */
    private Lowered softplus(Call call) throws ModelFormatException {
        double beta = call.number("beta", 1);
        double threshold = call.number("threshold", 20);
        String x = operands.node(call.tensor("self"));
        Op softplus = new Op.Pointwise(PointwiseFunction.SOFTPLUS);
        // Above 20 the two are the same float.
        if (beta == 1 && threshold >= 20) {
            return new Lowered.Layer(softplus, x);
        }
        String scaled = operands.step(new Op.Mul(), x, operands.number(beta));
        String smooth = operands.step(new Op.Mul(), operands.step(softplus, scaled), operands.number(1 / beta));
        String above = operands.step(new Op.Pairwise(PairFunction.GREATER), scaled, operands.number(threshold));
        return new Lowered.Layer(new Op.Where(), above, x, smooth);
    }

    /** -softplus(-x). */
    private Lowered logSigmoid(Call call) throws ModelFormatException {
        Op negative = new Op.Pointwise(PointwiseFunction.NEG);
        String minus = operands.step(negative, operands.node(call.tensor("self")));
        return new Lowered.Layer(negative, operands.step(new Op.Pointwise(PointwiseFunction.SOFTPLUS), minus));
    }

    private Lowered threshold(Call call) throws ModelFormatException {
        double threshold = call.number("threshold", 0);
        double value = call.number("value", 0);
        if (value == 0) {
            return function(call, PointwiseFunction.THRESHOLD, threshold, 0);
        }
        String x = operands.node(call.tensor("self"));
        String above = operands.step(new Op.Pairwise(PairFunction.GREATER), x, operands.number(threshold));
        return new Lowered.Layer(new Op.Where(), above, x, operands.number(value));
    }

    /** The first half times the sigmoid of the second. */
    private Lowered glu(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", -1), shape.rank());
        if (shape.dim(axis) % 2 != 0) {
            throw call.error("halves " + shape.dim(axis) + " elements");
        }
        int half = shape.dim(axis) / 2;
        String x = operands.node(call.tensor("self"));
        Rearrangement first = Slices.of(shape, axis, 0, half, 1);
        Rearrangement second = Slices.of(shape, axis, half, half, 1);
        String gate = operands.step(new Op.Sigmoid(), operands.step(new Op.Rearrange(second), x));
        return new Lowered.Layer(new Op.Mul(), operands.step(new Op.Rearrange(first), x), gate);
    }
}
