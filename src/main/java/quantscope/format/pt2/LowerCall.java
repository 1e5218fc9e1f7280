package quantscope.format.pt2;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PointwiseFunction;

/** Turns operations on activations into the graph's operators. */
final class LowerCall {

    /** Operations that are no layers: nothing but another name for their input. */
    static final Set<String> ALIASES = Set.of("aten.detach", "aten.clone", "aten.alias", "aten.contiguous", "aten.to",
            "aten._to_copy", "aten.detach_copy", "aten.alias_copy", "aten.lift_fresh", "aten.lift_fresh_copy", "aten.type_as");

    private final Operands operands;
    private final List<Lowering> kinds;

    LowerCall(Operands operands) {
        this.operands = operands;
        this.kinds = List.of(new LowerWeighted(operands), new LowerNorm(operands), new LowerActivation(operands),
                new LowerPool(operands), new LowerArithmetic(operands), new LowerFunction(operands), new LowerShape(operands),
                new LowerMove(operands), new LowerPixels(operands), new LowerParts(operands),
                new LowerReduce(operands), new LowerResample(operands), new LowerQuantized(operands));
    }

    /**
     * @param operator without library's overload and the underscore of in-place operations
     * @throws NotSupportedException for what no operator of the program computes
     */
    Lowered lower(Call call, String operator) throws ModelFormatException {
        if (ALIASES.contains(operator)) {
            return alias(call);
        }
        for (Lowering kind : kinds) {
            Optional<Lowered> lowered = kind.lower(call, operator);
            if (lowered.isPresent()) {
                return lowered.get();
            }
        }
        return switch (operator) {
            case "aten.dropout", "aten.feature_dropout", "aten.alpha_dropout", "aten.feature_alpha_dropout",
                    "aten.native_dropout" -> dropout(call);
            case "aten.softmax", "aten._softmax", "aten._safe_softmax" ->
                    operands.layer(new Op.Softmax(axis(call)), call, "self");
            case "aten.log_softmax", "aten._log_softmax" ->
                    operands.layer(new Op.LogSoftmax(axis(call)), call, "self");
            default -> throw new NotSupportedException("The program has no kernel for " + call.target() + ".");
        };
    }

    /** Truth values are 0 and 1 already; activations that become integers would have to be cut off. */
    private Lowered alias(Call call) throws ModelFormatException {
        Slot self = call.tensor("self");
        if (self instanceof Slot.Lost l) {
            throw new NotSupportedException(l.reason());
        }
        Optional<Dtype> whole = call.dtype("dtype").filter(d -> !d.floating());
        if (whole.isEmpty() || operands.isBool(call, "self") || whole.get() != Dtype.BOOL && operands.isWhole(call, "self")) {
            return new Lowered.Alias(self);
        }
        if (whole.get() != Dtype.BOOL) {
            throw new NotSupportedException("The program computes activations in fp32, not as " + whole.get() + ".");
        }
        Op not = new Op.Pointwise(PointwiseFunction.NOT);
        return new Lowered.Layer(not, operands.step(not, operands.node(self)));
    }

    private Lowered dropout(Call call) throws ModelFormatException {
        if (call.bool("train", false)) {
            throw new NotSupportedException("It was exported in training mode; call eval() on the network and"
                    + " export it again.");
        }
        return operands.layer(new Op.Dropout(), call, call.has("input") ? "input" : "self");
    }

    private int axis(Call call) throws ModelFormatException {
        return operands.axis(call, call.integer("dim", 1), operands.knownShape(call, "self").rank());
    }
}
