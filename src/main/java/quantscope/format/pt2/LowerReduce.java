package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Reduction;
import quantscope.tensor.Shape;

/** Sums, means, extremes and the like over axes. */
final class LowerReduce implements Lowering {

    private final Operands operands;

    LowerReduce(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.mean" -> mean(call);
            case "aten.sum" -> reduce(call, Reduction.SUM);
            case "aten.amax" -> reduce(call, Reduction.MAX);
            case "aten.amin" -> reduce(call, Reduction.MIN);
            case "aten.max" -> call.has("dim") ? reduce(call, Reduction.MAX) : null;
            case "aten.min" -> call.has("dim") ? reduce(call, Reduction.MIN) : null;
            case "aten.prod" -> reduce(call, Reduction.PROD);
            case "aten.logsumexp" -> reduce(call, Reduction.LOG_SUM_EXP);
            case "aten.norm", "aten.linalg_vector_norm" -> norm(call, call.number(call.has("p") ? "p" : "ord", 2));
            case "aten.any" -> nonZero(call, Reduction.MAX);
            case "aten.all" -> nonZero(call, Reduction.MIN);
            case "aten.var" -> variance(call);
            case "aten.std" -> new Lowered.Layer(new Op.Pointwise(PointwiseFunction.SQRT), variance(call, operands));
            default -> null;
        });
    }

    private List<Integer> axes(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        List<Integer> axes = new ArrayList<>();
        for (long dim : call.integers("dim")) {
            axes.add(operands.axis(call, dim, shape.rank()));
        }
        if (axes.isEmpty()) {
            operands.axis(call, 0, shape.rank());
        }
        return axes.stream().distinct().sorted().toList();
    }

    private Lowered reduce(Call call, Reduction reduction) throws ModelFormatException {
        return operands.layer(op(call, reduction), call, "self");
    }

    private Op op(Call call, Reduction reduction) throws ModelFormatException {
        return new Op.Reduce(reduction, axes(call), call.bool("keepdim", false));
    }

    /** A mean over height and width is the global average pool; without keepdim both axes go away. */
    private Lowered mean(Call call) throws ModelFormatException {
        if (operands.knownShape(call, "self").rank() == 4 && axes(call).equals(List.of(2, 3))) {
            Lowered.Layer pool = operands.layer(new Op.AdaptiveAvgPool2d(1, 1), call, "self");
            return call.bool("keepdim", false) ? pool : pool.then(new Op.Flatten(1));
        }
        return reduce(call, Reduction.MEAN);
    }

    private Lowered norm(Call call, double order) throws ModelFormatException {
        if (order == 1 || order == 2) {
            return reduce(call, order == 1 ? Reduction.L1 : Reduction.L2);
        }
        if (Double.isInfinite(order)) {
            Op extreme = op(call, order > 0 ? Reduction.MAX : Reduction.MIN);
            return new Lowered.Layer(extreme, operands.step(new Op.Pointwise(PointwiseFunction.ABS),
                    operands.node(call.tensor("self"))));
        }
        throw new NotSupportedException("The program has the norms of order 1, 2 and infinity only.");
    }

    private Lowered nonZero(Call call, Reduction reduction) throws ModelFormatException {
        Op extreme = op(call, reduction);
        Op not = new Op.Pointwise(PointwiseFunction.NOT);
        String truth = operands.step(not, operands.step(not, operands.node(call.tensor("self"))));
        return new Lowered.Layer(extreme, truth);
    }

    private Lowered variance(Call call) throws ModelFormatException {
        return new Lowered.Layer(new Op.Identity(), variance(call, operands));
    }

    /** Sum of squared differences from the mean by n - correction. */
    private String variance(Call call, Operands operands) throws ModelFormatException {
        List<Integer> axes = axes(call);
        Shape shape = operands.knownShape(call, "self");
        double correction = call.has("correction") ? call.number("correction", 1) : call.bool("unbiased", true) ? 1 : 0;
        double count = axes.stream().map(shape::dim).reduce(1, Math::multiplyExact) - correction;
        if (!(count > 0)) {
            throw new NotSupportedException("It takes the variance of a single element.");
        }
        String x = operands.node(call.tensor("self"));
        String mean = operands.step(new Op.Reduce(Reduction.MEAN, axes, true), x);
        String centred = operands.step(new Op.Pairwise(PairFunction.SUB), x, mean);
        String squares = operands.step(new Op.Reduce(Reduction.SUM_SQUARE, axes, call.bool("keepdim", false)), centred);
        return operands.step(new Op.Pairwise(PairFunction.DIV), squares, operands.number(count));
    }
}
