package quantscope.format.pt2;

import java.util.Optional;
import java.util.function.LongUnaryOperator;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.tensor.Shape;

/** Pooling of images, and of rows [N,C,L] as images of height 1. */
final class LowerPool implements Lowering {

    private final Operands operands;

    LowerPool(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.max_pool2d", "aten.max_pool2d_with_indices" -> image(new Op.MaxPool2d(pool(call, true)), call);
            case "aten.avg_pool2d" -> averagePool(call);
            case "aten.adaptive_avg_pool2d", "aten._adaptive_avg_pool2d" -> adaptive(call);
            case "aten.adaptive_max_pool2d" -> adaptiveMax(call);
            case "aten.max_pool1d", "aten.max_pool1d_with_indices" -> {
                PoolGeometry g = row(call, true);
                yield row(call, new Op.MaxPool2d(g), g::outWidth);
            }
            case "aten.avg_pool1d" -> {
                PoolGeometry g = row(call, false);
                yield row(call, new Op.AvgPool2d(g, call.bool("count_include_pad", true)), g::outWidth);
            }
            case "aten.adaptive_avg_pool1d" -> {
                int size = call.integer("output_size", 1);
                yield row(call, new Op.AdaptiveAvgPool2d(1, size), length -> size);
            }
            default -> null;
        });
    }

    private Lowered.Layer image(Op op, Call call) throws ModelFormatException {
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

    private static PoolGeometry row(Call call, boolean dilated) throws ModelFormatException {
        int kernel = call.integer("kernel_size", 1);
        int stride = call.integers("stride").isEmpty() ? kernel : call.integer("stride", 1);
        int pad = call.integer("padding", 0);
        return new PoolGeometry(1, kernel, 1, stride, 0, pad, 0, pad, 1, dilated ? call.integer("dilation", 1) : 1,
                call.bool("ceil_mode", false));
    }

    private Lowered row(Call call, Op op, LongUnaryOperator length) throws ModelFormatException {
        Shape shape = operands.requireRow(call, "self");
        int out = Math.toIntExact(length.applyAsLong(shape.dim(2)));
        String image = operands.step(new Op.Reshape(Shape.of(1, shape.dim(1), 1, shape.dim(2))),
                operands.node(call.tensor("self")));
        return new Lowered.Layer(op, image).then(new Op.Reshape(Shape.of(1, shape.dim(1), out)));
    }

    /** Another divisor scales windows that are all whole. */
    private Lowered averagePool(Call call) throws ModelFormatException {
        PoolGeometry g = pool(call, false);
        if (!call.has("divisor_override")) {
            return image(new Op.AvgPool2d(g, call.bool("count_include_pad", true)), call);
        }
        if (g.ceilMode()) {
            throw new NotSupportedException("The program has no average pool with divisor_override and ceil_mode.");
        }
        operands.requireImage(call, "self");
        String mean = operands.step(new Op.AvgPool2d(g, true), operands.node(call.tensor("self")));
        return new Lowered.Layer(new Op.Mul(), mean, operands.number(
                (double) Math.multiplyExact(g.kernelH(), g.kernelW()) / call.integer("divisor_override", 1)));
    }

    private Lowered adaptive(Call call) throws ModelFormatException {
        int[] size = call.pair("output_size", 1);
        return image(new Op.AdaptiveAvgPool2d(size[0], size[1]), call);
    }

    /**
     * The windows go from floor(i in / out) to ceil((i + 1) in / out) and may be of two sizes; the smaller ones get their last
     * row or column again, which changes no maximum.
     */
    private Lowered adaptiveMax(Call call) throws ModelFormatException {
        operands.requireImage(call, "self");
        Shape shape = operands.knownShape(call, "self");
        int[] size = call.pair("output_size", 1);
        if (size[0] < 1 || size[1] < 1 || size[0] > 1 << 16 || size[1] > 1 << 16) {
            throw call.error("makes an image of " + size[0] + " x " + size[1]);
        }
        String x = operands.node(call.tensor("self"));
        int[] kernel = new int[2];
        for (int i = 0; i < 2; i++) {
            int extent = shape.dim(2 + i);
            int out = size[i];
            int longest = longest(extent, out);
            kernel[i] = longest;
            if (longest * (long) out != extent) {
                x = operands.step(new Op.Rearrange(Slices.pick(2 + i, longest * (long) out,
                        at -> Math.min(start(at / longest, extent, out) + at % longest, end(at / longest, extent, out) - 1))), x);
            }
        }
        return new Lowered.Layer(new Op.MaxPool2d(new PoolGeometry(kernel[0], kernel[1], kernel[0], kernel[1], 0, 0, 0, 0, 1, 1,
                false)), x);
    }

    /** Of the windows. */
    private static int longest(int extent, int out) {
        int longest = 0;
        for (int i = 0; i < out; i++) {
            longest = Math.max(longest, end(i, extent, out) - start(i, extent, out));
        }
        return longest;
    }

    private static int start(int i, int extent, int out) {
        return Math.toIntExact((long) i * extent / out);
    }

    private static int end(int i, int extent, int out) {
        return Math.toIntExact(Math.ceilDiv((i + 1L) * extent, out));
    }
}
