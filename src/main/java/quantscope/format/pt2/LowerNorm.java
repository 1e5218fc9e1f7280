package quantscope.format.pt2;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Normalization by statistics of the image itself, and batch normalization by stored ones. */
final class LowerNorm implements Lowering {

    /** 2^-23: what rms_norm adds where it is told nothing. */
    private static final double FLOAT_EPSILON = 0x1p-23;

    private static final int MOST_FILLED = 1 << 22;

    private final Operands operands;

    LowerNorm(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.batch_norm", "aten._native_batch_norm_legit_no_training", "aten.native_batch_norm",
                    "aten._native_batch_norm_legit", "aten.cudnn_batch_norm", "aten.miopen_batch_norm" -> batchNorm(call);
            case "aten.instance_norm" -> instanceNorm(call);
            case "aten.group_norm" -> groupNorm(call, "num_groups", "input");
            case "aten.native_group_norm" -> groupNorm(call, "group", "input");
            case "aten.layer_norm", "aten.native_layer_norm" -> layerNorm(call, true, 1e-5);
            case "aten.rms_norm", "aten._fused_rms_norm" -> layerNorm(call, false, FLOAT_EPSILON);
            default -> null;
        });
    }

    private Lowered batchNorm(Call call) throws ModelFormatException {
        if (!call.has("running_mean")) {
            return imageStatistics(call);
        }
        if (call.bool("training", false)) {
            throw new NotSupportedException("It was exported in training mode; call eval() on the network and"
                    + " export it again.");
        }
        FloatTensor mean = operands.required(call, "running_mean");
        FloatTensor variance = operands.required(call, "running_var");
        int channels = mean.data().length;
        return operands.layer(new Op.BatchNorm2d(filled(call, "weight", Shape.of(channels), 1),
                filled(call, "bias", Shape.of(channels), 0), mean, variance, (float) call.number("eps", 1e-5)), call, "input");
    }

    /** Without stored statistics it takes those of all images; instance normalization puts the images into the channels. */
    private Lowered imageStatistics(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "input");
        if (!operands.said().holdsOneImage(call.tensorName("input").orElse(""))) {
            throw new NotSupportedException("It normalizes by statistics of the batch; call eval() on the network and"
                    + " export it again.");
        }
        return normalized(call, shape, shape.dim(1));
    }

    private Lowered instanceNorm(Call call) throws ModelFormatException {
        if (!call.bool("use_input_stats", true)) {
            return batchNorm(call);
        }
        Shape shape = operands.knownShape(call, "input");
        return normalized(call, shape, shape.rank() < 2 ? 1 : shape.dim(1));
    }

    private Lowered groupNorm(Call call, String groups, String input) throws ModelFormatException {
        return normalized(call, operands.knownShape(call, input), call.integer(groups, 1));
    }

    private Lowered normalized(Call call, Shape shape, int groups) throws ModelFormatException {
        if (shape.rank() < 3) {
            throw new NotSupportedException("The program normalizes channels of images only, not " + shape + ".");
        }
        Shape channels = Shape.of(shape.dim(1));
        return operands.layer(new Op.GroupNorm(groups, filled(call, "weight", channels, 1), filled(call, "bias", channels, 0),
                (float) call.number("eps", 1e-5)), call, "input");
    }

    private Lowered layerNorm(Call call, boolean center, double eps) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "input");
        List<Integer> sizes = call.integers("normalized_shape").stream().map(Math::toIntExact).toList();
        int axis = operands.axis(call, shape.rank() - sizes.size(), shape.rank());
        Shape normalized = new Shape(sizes);
        return operands.layer(new Op.LayerNorm(axis, filled(call, "weight", normalized, 1), filled(call, "bias", normalized, 0),
                (float) call.number("eps", eps), center), call, "input");
    }

    private FloatTensor filled(Call call, String name, Shape shape, float value) throws ModelFormatException {
        Optional<FloatTensor> given = operands.fixed(call, name);
        if (given.isPresent()) {
            return given.get();
        }
        if (shape.elements() > MOST_FILLED) {
            throw new NotSupportedException("It has no " + name + " for " + shape + ".");
        }
        float[] data = new float[shape.size()];
        Arrays.fill(data, value);
        return new FloatTensor(shape, data);
    }
}
