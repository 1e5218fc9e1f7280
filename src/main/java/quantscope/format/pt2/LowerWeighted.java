package quantscope.format.pt2;

import java.util.Arrays;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Layers with weights: convolution, linear, batch normalization. */
final class LowerWeighted {

    private final Operands operands;

    LowerWeighted(Operands operands) {
        this.operands = operands;
    }

    Lowered conv(Call call) throws ModelFormatException {
        operands.requireImage(call, "input");
        if (call.bool("transposed", false)) {
            throw new NotSupportedException("The program has no transposed convolution.");
        }
        FloatTensor weight = operands.required(call, "weight");
        if (weight.shape().rank() != 4) {
            throw new NotSupportedException("The program convolves images only; its weight is " + weight.shape() + ".");
        }
        int[] stride = call.pair("stride", 1);
        int[] dilation = call.pair("dilation", 1);
        int[] before = call.pair("padding", 0);
        int[] after = before;
        if (call.text("padding", "").equals("same")) {
            int height = Math.multiplyExact(dilation[0], weight.shape().dim(2) - 1);
            int width = Math.multiplyExact(dilation[1], weight.shape().dim(3) - 1);
            before = new int[] {height / 2, width / 2};
            after = new int[] {height - height / 2, width - width / 2};
        }
        ConvGeometry geometry = new ConvGeometry(stride[0], stride[1], before[0], before[1], after[0], after[1],
                dilation[0], dilation[1], call.integer("groups", 1));
        Slot input = call.tensor("input");
        String node = input instanceof Slot.Padded p ? p.node() : operands.node(input);
        return new Lowered.Layer(new Op.Conv2d(weight, operands.fixed(call, "bias"),
                input instanceof Slot.Padded p ? p.addedTo(geometry) : geometry), java.util.List.of(node));
    }

    Lowered linear(Call call) throws ModelFormatException {
        return linear(call, "input", operands.required(call, "weight"), operands.fixed(call, "bias"));
    }

    /** beta * self + alpha * mat1 mat2. */
    Lowered addmm(Call call) throws ModelFormatException {
        if (call.number("beta", 1) != 1 || call.number("alpha", 1) != 1) {
            throw new NotSupportedException("The program computes it with alpha and beta 1 only.");
        }
        FloatTensor weight = transposed(operands.required(call, "mat2"));
        FloatTensor bias = operands.required(call, "self");
        if (!bias.shape().equals(Shape.of(weight.shape().dim(0)))) {
            throw new NotSupportedException("The program adds one number for each output, not " + bias.shape() + ".");
        }
        return linear(call, "mat1", weight, Optional.of(bias));
    }

    Lowered matmul(Call call) throws ModelFormatException {
        return linear(call, "self", transposed(operands.required(call, call.has("mat2") ? "mat2" : "other")),
                Optional.empty());
    }

    private Lowered linear(Call call, String input, FloatTensor weight, Optional<FloatTensor> bias)
            throws ModelFormatException {
        if (weight.shape().rank() != 2 || operands.shape(call.tensor(input)).filter(s -> s.rank() < 2).isPresent()) {
            throw new NotSupportedException("The program multiplies [N,features] with a matrix only.");
        }
        return operands.layer(new Op.Linear(weight, bias), call, input);
    }

    private static FloatTensor transposed(FloatTensor matrix) {
        if (matrix.shape().rank() != 2) {
            throw new NotSupportedException("The program multiplies with matrices only, not with "
                    + matrix.shape() + ".");
        }
        return Moving.transpose(Known.of(matrix), 1, 0).floats();
    }

    Lowered batchNorm(Call call) throws ModelFormatException {
        if (call.bool("training", false)) {
            throw new NotSupportedException("It was exported in training mode; call eval() on the network and"
                    + " export it again.");
        }
        FloatTensor mean = operands.required(call, "running_mean");
        FloatTensor variance = operands.required(call, "running_var");
        float[] ones = new float[mean.data().length];
        Arrays.fill(ones, 1);
        FloatTensor weight = operands.fixed(call, "weight").orElse(FloatTensor.vector(ones));
        FloatTensor bias = operands.fixed(call, "bias").orElse(FloatTensor.vector(new float[ones.length]));
        return operands.layer(new Op.BatchNorm2d(weight, bias, mean, variance, (float) call.number("eps", 1e-5)),
                call, "input");
    }
}
