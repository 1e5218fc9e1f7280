package quantscope.format.onnx;

import java.util.Arrays;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.tensor.Shape;

/** MaxPool, AveragePool, LpPool and their global forms. */
final class PoolOperators {

    private PoolOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("MaxPool", call -> pool(call, new Op.MaxPool2d(geometry(call))));
        operators.put("AveragePool", call -> pool(call, new Op.AvgPool2d(geometry(call),
                call.attributes().integer("count_include_pad", 0) != 0)));
        operators.put("LpPool", call -> pool(call, new Op.LPPool2d(order(call), geometry(call))));
        operators.put("GlobalAveragePool", call -> global(call, new Op.AdaptiveAvgPool2d(1, 1)));
        operators.put("GlobalMaxPool", call -> global(call, new Op.MaxPool2d(whole(call))));
        operators.put("GlobalLpPool", call -> global(call, new Op.LPPool2d(order(call), whole(call))));
    }

    private static int order(Call call) throws ModelFormatException {
        int p = call.attributes().integer("p", 2);
        if (p < 1) {
            throw call.error("p is " + p + ", expected at least 1");
        }
        return p;
    }

    static PoolGeometry geometry(Call call) throws NotSupportedException, ModelFormatException {
        int axes = call.attributes().integers("kernel_shape").length;
        if (axes == 0) {
            throw call.error("has no kernel_shape; export the model again");
        }
        if (axes > 2) {
            throw new NotSupportedException("it is a " + axes + "-dimensional pooling, only windows along one or two axes are"
                    + " supported");
        }
        Window w = Window.of(call, call.attributes().perAxis("kernel_shape", 1, Window.filled(axes, 1)));
        return w.pooling(call.attributes().integer("ceil_mode", 0) != 0);
    }

    private static void pool(Call call, Op op) throws NotSupportedException, ModelFormatException {
        if (call.attributes().integers("kernel_shape").length == 1) {
            Rows.emit(call, op, call.source(0));
        } else {
            call.emit(op, call.source(0));
        }
    }

    private static void global(Call call, Op op) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        if (shape.rank() == 3) {
            Rows.emit(call, op, call.source(0));
        } else if (shape.rank() == 4) {
            call.emit(op, call.source(0));
        } else {
            throw new NotSupportedException("its input " + shape + " is no image [N,C,H,W]");
        }
    }

    /** A window as large as the image. */
    private static PoolGeometry whole(Call call) throws NotSupportedException, ModelFormatException {
        int[] dims = Arrays.copyOf(call.shape(0).toArray(), 4);
        boolean row = call.shape(0).rank() == 3;
        return new PoolGeometry(row ? 1 : Math.max(1, dims[2]), Math.max(1, row ? dims[2] : dims[3]), 1, 1, 0, 0, 0, 0, 1, 1,
                false);
    }
}
