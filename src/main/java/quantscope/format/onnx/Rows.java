package quantscope.format.onnx;

import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.tensor.Shape;

/** Operators on [N,C,L] as operators on images of one row. */
final class Rows {

    private Rows() { }

    /** Puts the operator between two changes of shape; the node's value is [N,C,L] again. */
    static void emit(Call call, Op op, String source) throws NotSupportedException, ModelFormatException {
        Shape x = call.shapeOf(source);
        if (x.rank() != 3) {
            throw call.error("its input " + x + " has rank " + x.rank() + ", expected 3 (NCL)");
        }
        String image = call.emitMore("row", new Op.Reshape(Shape.of(x.dim(0), x.dim(1), 1, x.dim(2))), source);
        String made = call.emit(op, image);
        Shape y = call.shapeOf(made);
        call.emitMore("view", new Op.Reshape(Shape.of(y.dim(0), y.dim(1), y.dim(3))), made);
    }
}
