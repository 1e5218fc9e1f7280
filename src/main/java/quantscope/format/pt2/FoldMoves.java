package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Known;
import quantscope.format.fold.Making;
import quantscope.format.fold.Moving;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Movements and functions of tensors that depend on parameters alone, beyond {@link FoldCall}'s. */
final class FoldMoves {

    private FoldMoves() { }

    /**
     * @param self the first tensor
     * @return empty for an operation that is not folded
     */
    static Optional<Known> fold(Call call, String operator, Known self) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.repeat" -> tiled(self, call.integers("repeats"));
            case "aten.select" -> selected(self, call.integer("dim", 0), call.integer("index", 0));
            case "aten.flip" -> flipped(call, self);
            case "aten.index_select" -> Moving.gather(self, fixed(call.tensor("index")), call.integer("dim", 0));
            case "aten.stack" -> stacked(call);
            case "aten.trunc" -> self instanceof Known.Longs ? self : Known.of(truncated(self));
            case "aten.fmod" -> pairs(PairFunction.FMOD, self, fixed(call.operand("other")));
            case "aten.remainder" -> pairs(PairFunction.REMAINDER, self, fixed(call.operand("other")));
            case "aten.logical_and", "aten.bitwise_and", "aten.__and__" -> truth(Binary.AND, call, self);
            case "aten.logical_or", "aten.bitwise_or", "aten.__or__" -> truth(Binary.OR, call, self);
            case "aten.copy" -> Moving.expand(fixed(call.tensor("src")), self.shape());
            default -> LowerFunction.function(operator).map(f -> Known.of(mapped(f, self))).orElse(null);
        });
    }

    /** The several results of splitting; empty for another operation. */
    static Optional<List<Known>> pieces(Call call, String operator, Known self) throws ModelFormatException {
        int axis = Math.floorMod(call.integer("dim", 0), Math.max(1, self.shape().rank()));
        int extent = self.shape().rank() == 0 ? 1 : self.shape().dim(axis);
        List<Long> sizes = new ArrayList<>();
        switch (operator) {
            case "aten.chunk" -> equal(call, sizes, extent, Math.ceilDiv(extent, Math.max(1, call.integer("chunks", 1))));
            case "aten.split" -> equal(call, sizes, extent, call.integer("split_size", 1));
            case "aten.split_with_sizes" -> sizes.addAll(call.integers("split_sizes"));
            case "aten.unbind" -> equal(call, sizes, extent, 1);
            default -> {
                return Optional.empty();
            }
        }
        List<Known> pieces = new ArrayList<>();
        long at = 0;
        for (long size : sizes) {
            Known piece = Moving.slice(self, axis, at, Math.addExact(at, size), 1);
            pieces.add(operator.equals("aten.unbind") ? Moving.squeeze(piece, axis) : piece);
            at += size;
        }
        return Optional.of(pieces);
    }

    private static void equal(Call call, List<Long> sizes, int extent, int size) throws ModelFormatException {
        if (call.outputs().size() != Math.ceilDiv(extent, Math.max(1, size))) {
            throw call.error("takes " + extent + " elements apart, but the file names " + call.outputs().size() + " parts");
        }
        for (long left = extent; left > 0; left -= Math.max(1, size)) {
            sizes.add(Math.min(left, Math.max(1, size)));
        }
    }

    private static Known fixed(Slot slot) {
        if (slot instanceof Slot.Fixed f) {
            return f.value();
        }
        throw new NotSupportedException("It mixes parameters with what is no tensor.");
    }

    private static Known tiled(Known self, List<Long> repeats) {
        Known tiled = self;
        while (tiled.shape().rank() < repeats.size()) {
            tiled = Moving.unsqueeze(tiled, 0);
        }
        for (int axis = 0; axis < repeats.size(); axis++) {
            if (repeats.get(axis) > 1) {
                Known places = Making.range(0, Math.multiplyExact(repeats.get(axis), tiled.shape().dim(axis)), 1);
                tiled = Moving.gather(tiled, pairs(PairFunction.FMOD, places, Known.Longs.scalar(tiled.shape().dim(axis))), axis);
            }
        }
        return tiled;
    }

    private static Known selected(Known self, int dim, int index) {
        return Moving.gather(self, Known.Longs.scalar(index), dim);
    }

    private static Known flipped(Call call, Known self) throws ModelFormatException {
        Known flipped = self;
        for (long dim : call.integers("dims")) {
            flipped = Moving.slice(flipped, dim, Integer.MAX_VALUE, Long.MIN_VALUE + 1, -1);
        }
        return flipped;
    }

    private static Known stacked(Call call) throws ModelFormatException {
        List<Known> parts = new ArrayList<>();
        int axis = call.integer("dim", 0);
        for (Slot slot : call.tensors("tensors")) {
            parts.add(Moving.unsqueeze(fixed(slot), axis));
        }
        return Moving.concat(parts, axis);
    }

    private static Known truth(Binary f, Call call, Known self) throws ModelFormatException {
        if (!call.operator().contains("logical") && !(self instanceof Known.Longs l && isTruth(l))) {
            throw new NotSupportedException("The program combines truth values only, not the bits of integers.");
        }
        return Elementwise.binary(f, self, fixed(call.operand("other")));
    }

    private static boolean isTruth(Known.Longs values) {
        for (long value : values.data()) {
            if (value != 0 && value != 1) {
                return false;
            }
        }
        return true;
    }

    private static FloatTensor truncated(Known self) {
        float[] out = self.floats().data().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) (out[i] < 0 ? Math.ceil(out[i]) : Math.floor(out[i]));
        }
        return new FloatTensor(self.shape(), out);
    }

    private static FloatTensor mapped(PointwiseFunction function, Known self) {
        float[] out = self.floats().data().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = function.apply(out[i], 0, 0);
        }
        return new FloatTensor(self.shape(), out);
    }

    private static Known pairs(PairFunction function, Known a, Known b) {
        Shape shape = Elementwise.binary(Binary.ADD, a, b).shape();
        float[] x = Moving.expand(a, shape).floats().data();
        float[] y = Moving.expand(b, shape).floats().data();
        float[] out = new float[x.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = function.apply(x[i], y[i]);
        }
        Known result = Known.of(new FloatTensor(shape, out));
        return a instanceof Known.Longs && b instanceof Known.Longs ? result.longs() : result;
    }
}
