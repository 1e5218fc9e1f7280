package quantscope.format.pt2;

import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Turns operations on activations into the graph's operators. */
final class LowerCall {

    /** Operations that are no layers: nothing but another name for their input. */
    static final Set<String> ALIASES = Set.of("aten.detach", "aten.clone", "aten.alias", "aten.contiguous", "aten.to",
            "aten._to_copy", "aten.detach_copy", "aten.lift_fresh", "aten.lift_fresh_copy", "aten.type_as");

    private final Operands operands;
    private final LowerWeighted weighted;
    private final LowerShape shapes;

    /** @param fixedBatch the batch that the network was exported with, 1 where it is open */
    LowerCall(Operands operands, IntSupplier fixedBatch) {
        this.operands = operands;
        this.weighted = new LowerWeighted(operands);
        this.shapes = new LowerShape(operands, fixedBatch);
    }

    /**
     * @param operator without library's overload and the underscore of in-place operations
     * @throws NotSupportedException for what no operator of the program computes
     */
    Lowered lower(Call call, String operator) throws ModelFormatException {
        if (ALIASES.contains(operator)) {
            return alias(call);
        }
        return switch (operator) {
            case "aten.conv2d", "aten.convolution" -> weighted.conv(call);
            case "aten.linear" -> weighted.linear(call);
            case "aten.addmm" -> weighted.addmm(call);
            case "aten.mm", "aten.matmul" -> weighted.matmul(call);
            case "aten.batch_norm", "aten._native_batch_norm_legit_no_training", "aten.native_batch_norm",
                    "aten.cudnn_batch_norm" -> weighted.batchNorm(call);
            case "aten.relu" -> operands.layer(new Op.Relu(), call, "self");
            case "aten.relu6" -> clip(call, 0, 6);
            case "aten.hardtanh" -> clip(call, call.number("min_val", -1), call.number("max_val", 1));
            case "aten.clamp", "aten.clip" -> clip(call, call.number("min", Double.NEGATIVE_INFINITY),
                    call.number("max", Double.POSITIVE_INFINITY));
            case "aten.clamp_min" -> clip(call, call.number("min", 0), Double.POSITIVE_INFINITY);
            case "aten.clamp_max" -> clip(call, Double.NEGATIVE_INFINITY, call.number("max", 0));
            case "aten.leaky_relu" ->
                    operands.layer(new Op.LeakyRelu((float) call.number("negative_slope", 0.01)), call, "self");
            case "aten.sigmoid" -> operands.layer(new Op.Sigmoid(), call, "self");
            case "aten.sign", "aten.sgn" -> operands.layer(new Op.Sign(SignOfZero.ZERO), call, "self");
            case "aten.max_pool2d", "aten.max_pool2d_with_indices" -> image(new Op.MaxPool2d(pool(call, true)), call);
            case "aten.avg_pool2d" -> averagePool(call);
            case "aten.adaptive_avg_pool2d", "aten._adaptive_avg_pool2d" -> adaptive(call);
            case "aten.mean" -> globalMean(call);
            case "aten.add" -> add(call);
            case "aten.mul" -> arithmetic(new Op.Mul(), call);
            case "aten.sub" -> byConstant(call, new Op.Add(), v -> -v);
            case "aten.div" -> byConstant(call, new Op.Mul(), v -> 1 / v);
            case "aten.cat" -> shapes.concat(call);
            case "aten.flatten" -> shapes.flatten(call);
            case "aten.view", "aten.reshape", "aten._unsafe_view" -> shapes.reshape(call);
            case "aten.squeeze", "aten.unsqueeze" -> shapes.squeeze(call, operator.equals("aten.squeeze"));
            case "aten.dropout", "aten.feature_dropout", "aten.alpha_dropout" -> dropout(call);
            case "aten.softmax", "aten._softmax" -> operands.layer(new Op.Softmax(axis(call)), call, "self");
            case "aten.log_softmax", "aten._log_softmax" ->
                    operands.layer(new Op.LogSoftmax(axis(call)), call, "self");
            default -> throw new NotSupportedException("The program has no kernel for " + call.target() + ".");
        };
    }

    private Lowered alias(Call call) throws ModelFormatException {
        if (call.dtype("dtype").filter(d -> !d.floating()).isPresent()) {
            throw new NotSupportedException("The program computes activations in fp32, not as "
                    + call.dtype("dtype").get() + ".");
        }
        Slot self = call.tensor("self");
        return self instanceof Slot.Lost l ? unusable(l) : new Lowered.Alias(self);
    }

    private static Lowered unusable(Slot.Lost lost) {
        throw new NotSupportedException(lost.reason());
    }

    /** Bounds of 0 and infinity are ReLU's. */
    private Lowered clip(Call call, double min, double max) throws ModelFormatException {
        if (!(min <= max)) {
            throw call.error("clamps to " + min + " .. " + max);
        }
        return operands.layer(min == 0 && max == Double.POSITIVE_INFINITY ? new Op.Relu()
                : new Op.Clip((float) min, (float) max), call, "self");
    }

    private Lowered image(Op op, Call call) throws ModelFormatException {
        operands.requireImage(call, "self");
        return operands.layer(op, call, "self");
    }

    private static PoolGeometry pool(Call call, boolean dilated) throws ModelFormatException {
        int[] kernel = call.pair("kernel_size", 1);
        int[] stride = call.integers("stride").isEmpty() ? kernel : call.pair("stride", 1);
        int[] pad = call.pair("padding", 0);
        int[] dilation = dilated ? call.pair("dilation", 1) : new int[] {1, 1};
        return new PoolGeometry(kernel[0], kernel[1], stride[0], stride[1], pad[0], pad[1], pad[0], pad[1],
                dilation[0], dilation[1], call.bool("ceil_mode", false));
    }

    private Lowered averagePool(Call call) throws ModelFormatException {
        if (call.has("divisor_override")) {
            throw new NotSupportedException("The program has no average pool with divisor_override.");
        }
        return image(new Op.AvgPool2d(pool(call, false), call.bool("count_include_pad", true)), call);
    }

    private Lowered adaptive(Call call) throws ModelFormatException {
        int[] size = call.pair("output_size", 1);
        return image(new Op.AdaptiveAvgPool2d(size[0], size[1]), call);
    }

    /** A mean over height and width is the global average pool; without keepdim both axes go away. */
    private Lowered globalMean(Call call) throws ModelFormatException {
        operands.requireImage(call, "self");
        Shape shape = operands.knownShape(call, "self");
        List<Long> axes = call.integers("dim").stream().map(a -> a < 0 ? a + shape.rank() : a).sorted().toList();
        if (!axes.equals(List.of(2L, 3L))) {
            throw new NotSupportedException("The program takes means over height and width only.");
        }
        List<Op> then = call.bool("keepdim", false) ? List.of() : List.of(new Op.Flatten(1));
        return new Lowered.Layer(new Op.AdaptiveAvgPool2d(1, 1), List.of(operands.node(call.tensor("self"))), then);
    }

    private Lowered dropout(Call call) throws ModelFormatException {
        if (call.bool("train", false)) {
            throw new NotSupportedException("It was exported in training mode; call eval() on the network and"
                    + " export it again.");
        }
        return operands.layer(new Op.Dropout(), call, call.has("input") ? "input" : "self");
    }

    private Lowered add(Call call) throws ModelFormatException {
        if (call.number("alpha", 1) != 1) {
            throw new NotSupportedException("The program adds with alpha 1 only.");
        }
        return arithmetic(new Op.Add(), call);
    }

    private Lowered arithmetic(Op op, Call call) throws ModelFormatException {
        return new Lowered.Layer(op, List.of(operands.node(call.operand("self")), operands.node(call.operand("other"))));
    }

    private Lowered byConstant(Call call, Op op, UnaryOperator<Float> inverse) throws ModelFormatException {
        if (!(call.operand("other") instanceof Slot.Fixed f) || call.number("alpha", 1) != 1
                || call.has("rounding_mode")) {
            throw new NotSupportedException("The program subtracts and divides by what depends on parameters alone"
                    + " only, with alpha 1 and no rounding.");
        }
        float[] values = f.value().floats().data().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = inverse.apply(values[i]);
        }
        String self = operands.node(call.operand("self"));
        return new Lowered.Layer(op, List.of(self,
                operands.node(new Slot.Fixed(Known.of(new FloatTensor(f.value().shape(), values))))));
    }

    private int axis(Call call) throws ModelFormatException {
        int axis = call.integer("dim", 1);
        return axis >= 0 ? axis : axis + operands.knownShape(call, "self").rank();
    }
}
