package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Padding, and shuffling of channels and pixels. */
final class LowerPixels implements Lowering {

    private final Operands operands;

    LowerPixels(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.pad", "aten.constant_pad_nd", "aten.reflection_pad1d", "aten.reflection_pad2d",
                    "aten.replication_pad1d", "aten.replication_pad2d" -> pad(call, operator);
            case "aten.channel_shuffle", "aten.native_channel_shuffle" -> channelShuffle(call);
            case "aten.pixel_shuffle" -> pixelShuffle(call, call.integer("upscale_factor", 1));
            case "aten.pixel_unshuffle" -> pixelUnshuffle(call, call.integer("downscale_factor", 1));
            default -> null;
        });
    }

    /** Pads are given for the last axis first. */
    private Lowered pad(Call call, String operator) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        List<Integer> pads = call.integers(call.has("pad") ? "pad" : "padding").stream().map(Math::toIntExact).toList();
        List<Integer> before = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        List<Integer> after = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        if (pads.size() % 2 != 0 || pads.size() > 2 * shape.rank()) {
            throw call.error("has " + pads.size() + " pads for " + shape);
        }
        for (int i = 0; i < pads.size() / 2; i++) {
            before.set(shape.rank() - 1 - i, pads.get(2 * i));
            after.set(shape.rank() - 1 - i, pads.get(2 * i + 1));
        }
        if (before.getFirst() != 0 || after.getFirst() != 0) {
            operands.axis(call, 0, shape.rank());
        }
        String mode = operator.startsWith("aten.reflection") ? "reflect" : operator.startsWith("aten.replication") ? "replicate"
                : call.text("mode", "constant");
        return operands.layer(new Op.Rearrange(new Rearrangement.Pad(before, after, switch (mode) {
            case "constant" -> Rearrangement.PadMode.CONSTANT;
            case "reflect" -> Rearrangement.PadMode.REFLECT;
            case "replicate" -> Rearrangement.PadMode.REPLICATE;
            case "circular" -> Rearrangement.PadMode.CIRCULAR;
            default -> throw new NotSupportedException("The program has no padding by " + mode + ".");
        }, (float) call.number("value", 0))), call, "self");
    }

    /** Channel k of group g becomes channel g of group k. */
    private Lowered channelShuffle(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int groups = call.integer("groups", 1);
        if (shape.rank() < 3 || groups < 1 || shape.dim(1) % groups != 0) {
            throw call.error("shuffles " + shape + " in " + groups + " groups");
        }
        int each = shape.dim(1) / groups;
        return operands.layer(new Op.Rearrange(Slices.pick(1, shape.dim(1), i -> i % groups * each + i / groups)), call, "self");
    }

    /** [N, C r r, H, W] becomes [N, C, H r, W r]. */
    private Lowered pixelShuffle(Call call, int r) throws ModelFormatException {
        Shape x = image(call);
        if (r < 1 || x.dim(1) % Math.multiplyExact(r, r) != 0) {
            throw call.error("shuffles " + x + " by " + r);
        }
        int channels = x.dim(1) / (r * r);
        String split = operands.step(new Op.Reshape(Shape.of(1, channels, r, r, x.dim(2), x.dim(3))),
                operands.node(call.tensor("self")));
        return new Lowered.Layer(new Op.Rearrange(new Rearrangement.Permute(List.of(0, 1, 4, 2, 5, 3))), split).then(
                new Op.Reshape(Shape.of(1, channels, Math.multiplyExact(x.dim(2), r), Math.multiplyExact(x.dim(3), r))));
    }

    /** [N, C, H r, W r] becomes [N, C r r, H, W]. */
    private Lowered pixelUnshuffle(Call call, int r) throws ModelFormatException {
        Shape x = image(call);
        if (r < 1 || x.dim(2) % r != 0 || x.dim(3) % r != 0) {
            throw call.error("unshuffles " + x + " by " + r);
        }
        String split = operands.step(new Op.Reshape(Shape.of(1, x.dim(1), x.dim(2) / r, r, x.dim(3) / r, r)),
                operands.node(call.tensor("self")));
        return new Lowered.Layer(new Op.Rearrange(new Rearrangement.Permute(List.of(0, 1, 3, 5, 2, 4))), split).then(
                new Op.Reshape(Shape.of(1, Math.multiplyExact(x.dim(1), r * r), x.dim(2) / r, x.dim(3) / r)));
    }

    private Shape image(Call call) throws ModelFormatException {
        operands.requireImage(call, "self");
        return operands.knownShape(call, "self");
    }
}
