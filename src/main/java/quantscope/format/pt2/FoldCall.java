package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Elementwise.Unary;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.format.fold.Reducing;

/** Computes operations whose tensors depend on parameters alone: a binarization written in forward, say. */
final class FoldCall {

    private FoldCall() { }

    /** @return empty for an operation that is not folded */
    static Optional<Known> fold(Call call, String operator) throws ModelFormatException {
        try {
            Optional<Known> quantized = FoldQuantized.fold(call, operator);
            if (quantized.isPresent()) {
                return quantized;
            }
            return switch (operator) {
                case "aten.sign", "aten.sgn" -> unary(call, Unary.SIGN);
                case "aten.abs" -> unary(call, Unary.ABS);
                case "aten.neg" -> unary(call, Unary.NEG);
                case "aten.sqrt" -> unary(call, Unary.SQRT);
                case "aten.rsqrt" -> unary(call, Unary.RSQRT);
                case "aten.reciprocal" -> unary(call, Unary.RECIPROCAL);
                case "aten.exp" -> unary(call, Unary.EXP);
                case "aten.log" -> unary(call, Unary.LOG);
                case "aten.tanh" -> unary(call, Unary.TANH);
                case "aten.sigmoid" -> unary(call, Unary.SIGMOID);
                case "aten.relu" -> unary(call, Unary.RELU);
                case "aten.floor" -> unary(call, Unary.FLOOR);
                case "aten.round" -> unary(call, Unary.ROUND);
                case "aten.add" -> scaled(call, Binary.ADD);
                case "aten.sub" -> scaled(call, Binary.SUB);
                case "aten.mul" -> binary(call, Binary.MUL);
                case "aten.div" -> call.has("rounding_mode") ? Optional.empty()
                        : Optional.of(Elementwise.binary(Binary.DIV, Known.of(self(call).floats()), operand(call, "other")));
                case "aten.rsub" -> call.number("alpha", 1) != 1 ? Optional.empty()
                        : Optional.of(Elementwise.binary(Binary.SUB, operand(call, "other"), self(call)));
                case "aten.logical_not" -> unary(call, Unary.NOT);
                case "aten.ne" -> Optional.of(Elementwise.unary(Unary.NOT,
                        Elementwise.binary(Binary.EQUAL, self(call), operand(call, "other"))));
                case "aten.maximum" -> binary(call, Binary.MAX);
                case "aten.minimum" -> binary(call, Binary.MIN);
                case "aten.gt" -> binary(call, Binary.GREATER);
                case "aten.ge" -> binary(call, Binary.GREATER_EQUAL);
                case "aten.lt" -> binary(call, Binary.LESS);
                case "aten.le" -> binary(call, Binary.LESS_EQUAL);
                case "aten.eq" -> binary(call, Binary.EQUAL);
                case "aten.pow" -> Optional.of(Elementwise.binary(Binary.POW, self(call), operand(call, "exponent")));
                case "aten.clamp", "aten.clip", "aten.hardtanh" -> Optional.of(clamp(call));
                case "aten.clamp_min" -> Optional.of(Elementwise.binary(Binary.MAX, self(call), operand(call, "min")));
                case "aten.clamp_max" -> Optional.of(Elementwise.binary(Binary.MIN, self(call), operand(call, "max")));
                case "aten.where" -> Optional.of(Elementwise.where(operand(call, "condition"), self(call),
                        operand(call, "other")));
                case "aten.mean" -> reduce(call, Reducing.Kind.MEAN);
                case "aten.sum" -> reduce(call, Reducing.Kind.SUM);
                case "aten.norm", "aten.linalg_vector_norm" -> norm(call);
                case "aten.amax" -> reduce(call, Reducing.Kind.MAX);
                case "aten.view", "aten.reshape", "aten._unsafe_view" -> Optional.of(Moving.reshape(self(call),
                        longs(call, call.has("size") ? "size" : "shape"), false));
                case "aten.flatten" -> Optional.of(Moving.flatten(self(call), call.integer("start_dim", 0),
                        call.integer("end_dim", -1)));
                case "aten.permute" -> Optional.of(Moving.transpose(self(call), axes(call, "dims")));
                case "aten.transpose" -> Optional.of(swap(call));
                case "aten.t" -> Optional.of(self(call).shape().rank() < 2 ? self(call)
                        : Moving.transpose(self(call), 1, 0));
                case "aten.expand" -> Optional.of(Moving.expand(self(call), longs(call, "size")));
                case "aten.unsqueeze" -> Optional.of(Moving.unsqueeze(self(call), longs(call, "dim")));
                case "aten.squeeze" -> Optional.of(Moving.squeeze(self(call), longs(call, "dim")));
                case "aten.cat" -> Optional.of(concat(call));
                case "aten.slice" -> Optional.of(Moving.slice(self(call), call.integer("dim", 0),
                        (long) call.number("start", 0), (long) call.number("end", Long.MAX_VALUE),
                        (long) call.number("step", 1)));
                case "aten.expand_as" -> Optional.of(Moving.expand(self(call), operand(call, "other").shape()));
                case "aten.view_as", "aten.reshape_as" -> Optional.of(self(call).reshaped(operand(call, "other").shape()));
                case "aten.detach", "aten.clone", "aten.alias", "aten.contiguous", "aten.to", "aten._to_copy",
                        "aten.lift_fresh", "aten.lift_fresh_copy", "aten.detach_copy", "aten.type_as" ->
                        Optional.of(converted(call));
                default -> call.has("self") ? FoldMoves.fold(call, operator, self(call))
                        : call.has("tensors") ? FoldMoves.fold(call, operator, Known.scalar(0)) : Optional.empty();
            };
        } catch (FoldException e) {
            throw call.error("cannot be computed from the parameters: " + e.getMessage());
        }
    }

    private static Known converted(Call call) throws ModelFormatException {
        Known self = self(call);
        return call.dtype("dtype").map(d -> d.cast(self)).orElse(self);
    }

    /** The 1- or 2-norm. */
    private static Optional<Known> norm(Call call) throws ModelFormatException {
        double p = call.number(call.has("p") ? "p" : "ord", 2);
        return p == 1 ? reduce(call, Reducing.Kind.L1) : p == 2 ? reduce(call, Reducing.Kind.L2) : Optional.empty();
    }

    private static Known self(Call call) throws ModelFormatException {
        return operand(call, "self");
    }

    private static Known operand(Call call, String name) throws ModelFormatException {
        return switch (call.operand(name)) {
            case Slot.Fixed f -> f.value();
            case Slot.Number n -> Known.Longs.scalar(n.value());
            case Slot.Lost l -> throw new NotSupportedException(l.reason());
            case Slot.Layer l -> throw new IllegalStateException("only fixed tensors are folded");
            case Slot.Padded p -> throw new IllegalStateException("only fixed tensors are folded");
        };
    }

    private static Optional<Known> unary(Call call, Unary f) throws ModelFormatException {
        return Optional.of(Elementwise.unary(f, self(call)));
    }

    private static Optional<Known> binary(Call call, Binary f) throws ModelFormatException {
        return Optional.of(Elementwise.binary(f, self(call), operand(call, "other")));
    }

    /** self + alpha * other, and the same with minus. */
    private static Optional<Known> scaled(Call call, Binary f) throws ModelFormatException {
        double alpha = call.number("alpha", 1);
        Known other = operand(call, "other");
        return Optional.of(Elementwise.binary(f, self(call), alpha == 1 ? other
                : Elementwise.binary(Binary.MUL, other, Known.scalar((float) alpha))));
    }

    private static Known clamp(Call call) throws ModelFormatException {
        boolean hardtanh = call.operator().startsWith("aten.hardtanh");
        return Elementwise.clamp(self(call),
                (float) call.number(hardtanh ? "min_val" : "min", hardtanh ? -1 : Double.NEGATIVE_INFINITY),
                (float) call.number(hardtanh ? "max_val" : "max", hardtanh ? 1 : Double.POSITIVE_INFINITY));
    }

    private static Optional<Known> reduce(Call call, Reducing.Kind kind) throws ModelFormatException {
        return Optional.of(Reducing.reduce(kind, self(call), call.bool("keepdim", false), longs(call, "dim")));
    }

    private static Known swap(Call call) throws ModelFormatException {
        int rank = self(call).shape().rank();
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = i;
        }
        int a = Math.floorMod(call.integer("dim0", 0), rank);
        int b = Math.floorMod(call.integer("dim1", 1), rank);
        order[a] = b;
        order[b] = a;
        return Moving.transpose(self(call), order);
    }

    private static Known concat(Call call) throws ModelFormatException {
        List<Known> parts = new ArrayList<>();
        for (Slot slot : call.tensors("tensors")) {
            if (slot instanceof Slot.Fixed f) {
                parts.add(f.value());
            }
        }
        return Moving.concat(parts, call.integer("dim", 0));
    }

    private static long[] longs(Call call, String name) throws ModelFormatException {
        return call.integers(name).stream().mapToLong(Long::longValue).toArray();
    }

    private static int[] axes(Call call, String name) throws ModelFormatException {
        return call.integers(name).stream().mapToInt(Math::toIntExact).toArray();
    }
}
