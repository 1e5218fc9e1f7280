package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Turns operations on activations into the graph's operators. */
final class LowerCall {

    private final Function<String, Node> nodes;
    private final Function<Known, String> constants;
    private final IntSupplier fixedBatch;

    /**
     * @param nodes     of the graph so far, by name
     * @param constants puts a fixed tensor into the graph and gives its node's name
     * @param fixedBatch the batch that the network was exported with, 1 where it is open
     */
    LowerCall(Function<String, Node> nodes, Function<Known, String> constants, IntSupplier fixedBatch) {
        this.nodes = nodes;
        this.constants = constants;
        this.fixedBatch = fixedBatch;
    }

    /**
     * @param operator without library's overload and the underscore of in-place operations
     * @return empty for an operation that is not supported
     */
    Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return switch (operator) {
            case "aten.conv2d", "aten.convolution" -> conv(call);
            case "aten.linear" -> linear(call, "input", "weight", "bias", false);
            case "aten.addmm" -> call.number("beta", 1) == 1 && call.number("alpha", 1) == 1
                    ? linear(call, "mat1", "mat2", "self", true) : Optional.empty();
            case "aten.mm", "aten.matmul" -> linear(call, "self", call.has("mat2") ? "mat2" : "other", "", true);
            case "aten.batch_norm", "aten._native_batch_norm_legit_no_training", "aten.native_batch_norm",
                    "aten.cudnn_batch_norm" -> batchNorm(call);
            case "aten.relu" -> layer(new Op.Relu(), call, "self");
            case "aten.relu6" -> layer(new Op.Clip(0, 6), call, "self");
            case "aten.hardtanh" -> layer(new Op.Clip((float) call.number("min_val", -1),
                    (float) call.number("max_val", 1)), call, "self");
            case "aten.clamp", "aten.clip" -> layer(new Op.Clip((float) call.number("min", Double.NEGATIVE_INFINITY),
                    (float) call.number("max", Double.POSITIVE_INFINITY)), call, "self");
            case "aten.clamp_min" -> layer(call.number("min", 0) == 0 ? new Op.Relu()
                    : new Op.Clip((float) call.number("min", 0), Float.POSITIVE_INFINITY), call, "self");
            case "aten.leaky_relu" -> layer(new Op.LeakyRelu((float) call.number("negative_slope", 0.01)), call, "self");
            case "aten.sigmoid" -> layer(new Op.Sigmoid(), call, "self");
            case "aten.sign" -> layer(new Op.Sign(SignOfZero.ZERO), call, "self");
            case "aten.max_pool2d", "aten.max_pool2d_with_indices" -> layer(new Op.MaxPool2d(pool(call, true)), call, "self");
            case "aten.avg_pool2d" -> call.has("divisor_override") ? Optional.empty()
                    : layer(new Op.AvgPool2d(pool(call, false), call.bool("count_include_pad", true)), call, "self");
            case "aten.adaptive_avg_pool2d", "aten._adaptive_avg_pool2d" -> adaptive(call);
            case "aten.mean" -> globalMean(call);
            case "aten.add" -> call.number("alpha", 1) == 1 ? arithmetic(new Op.Add(), call) : Optional.empty();
            case "aten.mul" -> arithmetic(new Op.Mul(), call);
            case "aten.sub" -> byConstant(call, new Op.Add(), v -> -v);
            case "aten.div" -> call.has("rounding_mode") ? Optional.empty() : byConstant(call, new Op.Mul(), v -> 1 / v);
            case "aten.cat" -> concat(call);
            case "aten.flatten" -> flatten(call);
            case "aten.view", "aten.reshape", "aten._unsafe_view" -> reshape(call);
            case "aten.squeeze", "aten.unsqueeze" -> squeeze(call, operator.equals("aten.squeeze"));
            case "aten.dropout", "aten.feature_dropout", "aten.alpha_dropout" ->
                    layer(new Op.Dropout(), call, call.has("input") ? "input" : "self");
            case "aten.softmax", "aten._softmax" -> layer(new Op.Softmax(axis(call)), call, "self");
            case "aten.log_softmax", "aten._log_softmax" -> layer(new Op.LogSoftmax(axis(call)), call, "self");
            case "aten.detach", "aten.clone", "aten.alias", "aten.contiguous", "aten.to", "aten._to_copy",
                    "aten.detach_copy", "aten.lift_fresh_copy" -> Optional.of(new Lowered.Alias(call.tensor("self")));
            default -> Optional.empty();
        };
    }

    private Optional<Lowered> layer(Op op, Call call, String input) throws ModelFormatException {
        return Optional.of(new Lowered.Layer(op, List.of(node(call.tensor(input)))));
    }

    private String node(Call.Slot slot) {
        return switch (slot) {
            case Call.Slot.Layer l -> l.node();
            case Call.Slot.Fixed f -> constants.apply(f.value());
            case Call.Slot.Number n -> constants.apply(Known.Longs.scalar(n.value()));
        };
    }

    private Optional<Shape> shape(Call call, String input) throws ModelFormatException {
        return call.tensor(input) instanceof Call.Slot.Layer l ? nodes.apply(l.node()).shape() : Optional.empty();
    }

    private static Optional<FloatTensor> fixed(Call call, String name) throws ModelFormatException {
        return !name.isEmpty() && call.has(name) && call.tensor(name) instanceof Call.Slot.Fixed f
                ? Optional.of(f.value().floats()) : Optional.empty();
    }

    private Optional<Lowered> conv(Call call) throws ModelFormatException {
        Optional<FloatTensor> weight = fixed(call, "weight");
        if (weight.isEmpty() || call.bool("transposed", false)
                || call.has("bias") && fixed(call, "bias").isEmpty()) {
            return Optional.empty();
        }
        int[] stride = pair(call, "stride", 1);
        int[] dilation = pair(call, "dilation", 1);
        int[] pad = pair(call, "padding", 0);
        int[] after = pad;
        if (call.text("padding", "").equals("same")) {
            Shape w = weight.get().shape();
            int height = dilation[0] * (w.dim(2) - 1);
            int width = dilation[1] * (w.dim(3) - 1);
            pad = new int[] {height / 2, width / 2};
            after = new int[] {height - height / 2, width - width / 2};
        }
        return layer(new Op.Conv2d(weight.get(), fixed(call, "bias"), new ConvGeometry(stride[0], stride[1], pad[0],
                pad[1], after[0], after[1], dilation[0], dilation[1], call.integer("groups", 1))), call, "input");
    }

    private Optional<Lowered> linear(Call call, String input, String weight, String bias, boolean transpose)
            throws ModelFormatException {
        Optional<FloatTensor> w = fixed(call, weight);
        if (w.isEmpty() || w.get().shape().rank() != 2 || call.tensor(input) instanceof Call.Slot.Fixed
                || !bias.isEmpty() && call.has(bias) && fixed(call, bias).isEmpty()) {
            return Optional.empty();
        }
        FloatTensor oriented = transpose ? Moving.transpose(Known.of(w.get()), 1, 0).floats() : w.get();
        return layer(new Op.Linear(oriented, fixed(call, bias)), call, input);
    }

    private Optional<Lowered> batchNorm(Call call) throws ModelFormatException {
        Optional<FloatTensor> mean = fixed(call, "running_mean");
        Optional<FloatTensor> variance = fixed(call, "running_var");
        if (call.bool("training", false) || mean.isEmpty() || variance.isEmpty()) {
            return Optional.empty();
        }
        int channels = mean.get().data().length;
        float[] ones = new float[channels];
        java.util.Arrays.fill(ones, 1);
        FloatTensor weight = fixed(call, "weight").orElse(FloatTensor.vector(ones));
        FloatTensor bias = fixed(call, "bias").orElse(FloatTensor.vector(new float[channels]));
        return layer(new Op.BatchNorm2d(weight, bias, mean.get(), variance.get(), (float) call.number("eps", 1e-5)),
                call, "input");
    }

    private static PoolGeometry pool(Call call, boolean dilated) throws ModelFormatException {
        int[] kernel = pair(call, "kernel_size", 1);
        int[] stride = call.integers("stride").isEmpty() ? kernel : pair(call, "stride", 1);
        int[] pad = pair(call, "padding", 0);
        int[] dilation = dilated ? pair(call, "dilation", 1) : new int[] {1, 1};
        return new PoolGeometry(kernel[0], kernel[1], stride[0], stride[1], pad[0], pad[1], pad[0], pad[1],
                dilation[0], dilation[1], call.bool("ceil_mode", false));
    }

    private Optional<Lowered> adaptive(Call call) throws ModelFormatException {
        List<Long> size = call.integers("output_size");
        if (size.size() != 2) {
            return Optional.empty();
        }
        return layer(new Op.AdaptiveAvgPool2d(Math.toIntExact(size.get(0)), Math.toIntExact(size.get(1))), call, "self");
    }

    /** A mean over height and width is the global average pool; without keepdim both axes go away. */
    private Optional<Lowered> globalMean(Call call) throws ModelFormatException {
        Optional<Shape> shape = shape(call, "self");
        List<Long> axes = call.integers("dim").stream().map(a -> a < 0 ? a + 4 : a).sorted().toList();
        if (shape.isEmpty() || shape.get().rank() != 4 || !axes.equals(List.of(2L, 3L)) || !call.bool("keepdim", false)) {
            return Optional.empty();
        }
        return layer(new Op.AdaptiveAvgPool2d(1, 1), call, "self");
    }

    private Optional<Lowered> arithmetic(Op op, Call call) throws ModelFormatException {
        return Optional.of(new Lowered.Layer(op, List.of(node(call.operand("self")), node(call.operand("other")))));
    }

    private Optional<Lowered> byConstant(Call call, Op op, java.util.function.UnaryOperator<Float> inverse)
            throws ModelFormatException {
        if (!(call.operand("other") instanceof Call.Slot.Fixed f) || call.number("alpha", 1) != 1) {
            return Optional.empty();
        }
        float[] values = f.value().floats().data().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = inverse.apply(values[i]);
        }
        String constant = constants.apply(Known.of(new FloatTensor(f.value().shape(), values)));
        return Optional.of(new Lowered.Layer(op, List.of(node(call.operand("self")), constant)));
    }

    private Optional<Lowered> concat(Call call) throws ModelFormatException {
        List<String> inputs = new ArrayList<>();
        for (Call.Slot slot : call.tensors("tensors")) {
            inputs.add(node(slot));
        }
        int rank = nodes.apply(inputs.getFirst()).shape().map(Shape::rank).orElse(4);
        return Optional.of(new Lowered.Layer(new Op.Concat(Math.floorMod(call.integer("dim", 0), rank)), inputs));
    }

    private Optional<Lowered> flatten(Call call) throws ModelFormatException {
        Optional<Shape> shape = shape(call, "self");
        int start = call.integer("start_dim", 0);
        int end = call.integer("end_dim", -1);
        if (shape.isEmpty()) {
            return layer(new Op.Flatten(Math.max(1, start)), call, "self");
        }
        int rank = shape.get().rank();
        if (Math.floorMod(end, rank) == rank - 1) {
            return layer(new Op.Flatten(Math.floorMod(start, rank)), call, "self");
        }
        Shape flat = Moving.flatten(Known.of(FloatTensor.zeros(shape.get())), start, end).shape();
        return layer(new Op.Reshape(flat), call, "self");
    }

    /** A fixed batch in the target becomes the one image of the graph. */
    private Optional<Lowered> reshape(Call call) throws ModelFormatException {
        Optional<Shape> shape = shape(call, "self");
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        long[] target = call.integers(call.has("size") ? "size" : "shape").stream().mapToLong(Long::longValue).toArray();
        if (target.length > 1 && target[0] == fixedBatch.getAsInt()) {
            target[0] = 1;
        }
        Shape to = Moving.reshapedShape(shape.get(), target, false);
        boolean flat = to.rank() == 2 && to.dim(0) == 1 && shape.get().rank() == 4;
        return layer(flat ? new Op.Flatten(1) : new Op.Reshape(to), call, "self");
    }

    private Optional<Lowered> squeeze(Call call, boolean squeeze) throws ModelFormatException {
        Optional<Shape> shape = shape(call, "self");
        long[] axes = call.integers("dim").stream().mapToLong(Long::longValue).toArray();
        if (shape.isEmpty() || axes.length == 0) {
            return Optional.empty();
        }
        return layer(new Op.Reshape(squeeze ? Moving.squeezedShape(shape.get(), axes)
                : Moving.unsqueezedShape(shape.get(), axes)), call, "self");
    }

    private int axis(Call call) throws ModelFormatException {
        int axis = call.integer("dim", 1);
        return axis >= 0 ? axis : axis + shape(call, "self").map(Shape::rank).orElse(2);
    }

    private static int[] pair(Call call, String name, int missing) throws ModelFormatException {
        if (!call.has(name) || !call.text(name, "").isEmpty()) {
            return new int[] {missing, missing};
        }
        List<Long> values = call.integers(name);
        if (values.isEmpty() || values.size() > 2) {
            throw call.error("argument " + name + " has " + values.size() + " values, expected 1 or 2");
        }
        return new int[] {Math.toIntExact(values.getFirst()), Math.toIntExact(values.getLast())};
    }
}
