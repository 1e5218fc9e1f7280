package quantscope.format.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.tensor.Shape;

/** MaxPool, AveragePool, their global forms, and ReduceMean where it is one. */
final class PoolOperators {

    private PoolOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("MaxPool", call -> call.emit(new Op.MaxPool2d(geometry(call)), call.source(0)));
        operators.put("AveragePool", call -> call.emit(new Op.AvgPool2d(geometry(call),
                call.attributes().integer("count_include_pad", 0) != 0), call.source(0)));
        operators.put("GlobalAveragePool",
                call -> call.emit(new Op.AdaptiveAvgPool2d(1, 1), image(call)));
        operators.put("GlobalMaxPool", PoolOperators::globalMaxPool);
        operators.put("ReduceMean", PoolOperators::reduceMean);
    }

    private static PoolGeometry geometry(Call call) throws NotSupportedException, ModelFormatException {
        long[] kernelShape = call.attributes().integers("kernel_shape");
        if (kernelShape.length == 1 || kernelShape.length == 3) {
            throw new NotSupportedException("it is a " + kernelShape.length
                    + "-dimensional pooling, only two-dimensional ones are supported");
        }
        if (kernelShape.length == 0) {
            throw call.error("has no kernel_shape; export the model again");
        }
        Window w = Window.of(call, call.attributes().perAxis("kernel_shape", 1, 1, 1));
        int[] pads = w.pads();
        return new PoolGeometry(w.kernel()[0], w.kernel()[1], w.strides()[0], w.strides()[1], pads[0], pads[1],
                pads[2], pads[3], w.dilations()[0], w.dilations()[1], call.attributes().integer("ceil_mode", 0) != 0);
    }

    private static String image(Call call) throws NotSupportedException, ModelFormatException {
        if (call.shape(0).rank() != 4) {
            throw new NotSupportedException("its input " + call.shape(0) + " is no image [N,C,H,W]");
        }
        return call.source(0);
    }

    private static void globalMaxPool(Call call) throws NotSupportedException, ModelFormatException {
        String source = image(call);
        Shape shape = call.shape(0);
        call.emit(new Op.MaxPool2d(new PoolGeometry(shape.dim(2), shape.dim(3), 1, 1, 0, 0, 0, 0, 1, 1, false)),
                source);
    }

    private static void reduceMean(Call call) throws NotSupportedException, ModelFormatException {
        String source = image(call);
        long[] axes = call.has(1) ? call.known(1, "axes").longs().data() : call.attributes().integers("axes");
        List<Long> sorted = Arrays.stream(axes).map(a -> a < 0 ? a + 4 : a).sorted().boxed().toList();
        if (!sorted.equals(List.of(2L, 3L))) {
            throw new NotSupportedException("it takes the mean over axes " + Arrays.toString(axes)
                    + ", only the mean over height and width is supported");
        }
        String mean = call.emit(new Op.AdaptiveAvgPool2d(1, 1), source);
        if (call.attributes().integer("keepdims", 1) == 0) {
            call.emitMore("flatten", new Op.Flatten(1), mean);
        }
    }
}
