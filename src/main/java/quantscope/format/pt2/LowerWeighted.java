package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Layers with weights: convolution and linear; products of matrices. */
final class LowerWeighted implements Lowering {

    private final Operands operands;
    private final LowerRows rows;

    LowerWeighted(Operands operands) {
        this.operands = operands;
        this.rows = new LowerRows(operands);
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.conv2d" -> conv(call);
            case "aten.conv1d" -> rows.convolution(call);
            case "aten.conv_transpose2d" -> transposedConvolution(call);
            case "aten.conv_transpose1d" -> rows.transposed(call);
            case "aten.convolution", "aten._convolution" -> convolution(call);
            case "aten.linear" -> linear(call);
            case "aten.addmm" -> addmm(call);
            case "aten.mm", "aten.bmm", "aten.matmul" -> matmul(call);
            default -> null;
        });
    }

    private Lowered convolution(Call call) throws ModelFormatException {
        boolean row = operands.shape(call.tensor("input")).filter(s -> s.rank() == 3).isPresent();
        return call.bool("transposed", false) ? row ? rows.transposed(call) : transposedConvolution(call)
                : row ? rows.convolution(call) : conv(call);
    }

    private Lowered conv(Call call) throws ModelFormatException {
        operands.requireImage(call, "input");
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

    private Lowered transposedConvolution(Call call) throws ModelFormatException {
        operands.requireImage(call, "input");
        int[] stride = call.pair("stride", 1);
        int[] dilation = call.pair("dilation", 1);
        int[] pad = call.pair("padding", 0);
        int[] outputPad = call.pair("output_padding", 0);
        ConvGeometry geometry = new ConvGeometry(stride[0], stride[1], pad[0], pad[1], pad[0], pad[1], dilation[0], dilation[1],
                call.integer("groups", 1));
        return operands.layer(new Op.ConvTranspose2d(operands.required(call, "weight"), operands.fixed(call, "bias"), geometry,
                outputPad[0], outputPad[1]), call, "input");
    }

    private Lowered linear(Call call) throws ModelFormatException {
        return linear(call, "input", operands.required(call, "weight"), operands.fixed(call, "bias"));
    }

    /** beta * self + alpha * mat1 mat2. */
    private Lowered addmm(Call call) throws ModelFormatException {
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

    /** With a fixed matrix it is a linear layer. */
    private Lowered matmul(Call call) throws ModelFormatException {
        String second = call.has("mat2") ? "mat2" : "other";
        if (call.tensor(second) instanceof Slot.Fixed f && f.value().shape().rank() == 2) {
            return linear(call, "self", transposed(f.value().floats()), Optional.empty());
        }
        if (operands.knownShape(call, "self").rank() < 2 || operands.knownShape(call, second).rank() < 2) {
            throw new NotSupportedException("The program multiplies matrices only.");
        }
        return new Lowered.Layer(new Op.MatMul(), operands.node(call, "self"), operands.node(call, second));
    }

    private Lowered linear(Call call, String input, FloatTensor weight, Optional<FloatTensor> bias)
            throws ModelFormatException {
        if (weight.shape().rank() != 2 || operands.shape(call.tensor(input)).filter(s -> s.rank() < 2).isPresent()) {
            throw new NotSupportedException("The program multiplies [N,features] with a matrix only.");
        }
        Op linear = new Op.Linear(weight, bias);
        Optional<Shape> shape = operands.shape(call.tensor(input));
        if (shape.filter(s -> s.rank() > 3).isEmpty()) {
            return operands.layer(linear, call, input);
        }
        // The columns of an image, as one list of rows.
        int features = shape.get().dim(-1);
        int rows = Math.toIntExact(shape.get().elements() / Math.max(1, features));
        String list = operands.step(new Op.Reshape(Shape.of(1, rows, features)), operands.node(call.tensor(input)));
        return new Lowered.Layer(linear, list).then(new Op.Reshape(shape.get().with(-1, weight.shape().dim(0))));
    }

    private static FloatTensor transposed(FloatTensor matrix) {
        if (matrix.shape().rank() != 2) {
            throw new NotSupportedException("The program multiplies with matrices only, not with "
                    + matrix.shape() + ".");
        }
        return Moving.transpose(Known.of(matrix), 1, 0).floats();
    }
}
