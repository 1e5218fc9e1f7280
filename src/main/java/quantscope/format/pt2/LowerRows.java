package quantscope.format.pt2;

import quantscope.format.ModelFormatException;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Convolutions of rows [N,C,L], as convolutions of images that are one pixel high. */
final class LowerRows {

    private final Operands operands;

    LowerRows(Operands operands) {
        this.operands = operands;
    }

    Lowered convolution(Call call) throws ModelFormatException {
        Shape row = operands.requireRow(call, "input");
        FloatTensor weight = weight(call);
        int stride = call.has("stride") ? call.integer("stride", 1) : 1;
        int dilation = call.has("dilation") ? call.integer("dilation", 1) : 1;
        int before = 0;
        int after = 0;
        if (call.text("padding", "").equals("same")) {
            int all = Math.multiplyExact(dilation, weight.shape().dim(3) - 1);
            before = all / 2;
            after = all - before;
        } else if (call.has("padding") && call.text("padding", "").isEmpty()) {
            before = call.integer("padding", 0);
            after = before;
        }
        ConvGeometry geometry = new ConvGeometry(1, stride, 0, before, 0, after, 1, dilation, call.integer("groups", 1));
        long length = geometry.outWidth(row.dim(2), weight.shape().dim(3));
        return layer(call, row, new Op.Conv2d(weight, operands.fixed(call, "bias"), geometry), weight.shape().dim(0), length);
    }

    Lowered transposed(Call call) throws ModelFormatException {
        Shape row = operands.requireRow(call, "input");
        FloatTensor weight = weight(call);
        int pad = call.integer("padding", 0);
        int outputPad = call.integer("output_padding", 0);
        ConvGeometry g = new ConvGeometry(1, call.integer("stride", 1), 0, pad, 0, pad, 1, call.integer("dilation", 1),
                call.integer("groups", 1));
        long reach = (long) g.dilationW() * (weight.shape().dim(3) - 1) + 1;
        long length = (row.dim(2) - 1L) * g.strideW() - 2L * pad + reach + outputPad;
        return layer(call, row, new Op.ConvTranspose2d(weight, operands.fixed(call, "bias"), g, 0, outputPad),
                Math.multiplyExact(weight.shape().dim(1), g.groups()), length);
    }

    private Lowered layer(Call call, Shape row, Op op, int channels, long length) throws ModelFormatException {
        if (length < 1) {
            throw call.error("the kernel is longer than the padded input " + row);
        }
        String image = operands.step(new Op.Reshape(Shape.of(1, row.dim(1), 1, row.dim(2))),
                operands.node(call.tensor("input")));
        return new Lowered.Layer(op, image).then(new Op.Reshape(Shape.of(1, channels, Math.toIntExact(length))));
    }

    private FloatTensor weight(Call call) throws ModelFormatException {
        FloatTensor weight = operands.required(call, "weight");
        Shape shape = weight.shape();
        if (shape.rank() != 3) {
            throw new NotSupportedException("Its weight is " + shape + ", expected one of rank 3.");
        }
        return new FloatTensor(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2)), weight.data());
    }
}
