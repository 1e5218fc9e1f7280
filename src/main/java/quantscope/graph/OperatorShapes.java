package quantscope.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The result's shape of operators that have parameters of a kind of their own; refuses what does not fit. */
final class OperatorShapes {

    private OperatorShapes() { }

    /** Numpy's broadcasting. */
    static Shape broadcast(String name, List<Shape> shapes) {
        int rank = shapes.stream().mapToInt(Shape::rank).max().orElse(0);
        int[] out = new int[rank];
        Arrays.fill(out, 1);
        for (Shape shape : shapes) {
            for (int i = 1; i <= shape.rank(); i++) {
                int own = shape.dim(-i);
                if (own != out[rank - i] && own != 1 && out[rank - i] != 1) {
                    throw new InvalidGraphException(name, "shapes " + shapes + " do not broadcast");
                }
                out[rank - i] = own == 1 ? out[rank - i] : own;
            }
        }
        return Shape.of(out);
    }

    static Shape product(String name, Shape a, Shape b) {
        if (a.rank() < 2 || b.rank() < 2 || a.dim(-1) != b.dim(-2)) {
            throw new InvalidGraphException(name, "matrices " + a + " and " + b + " do not fit");
        }
        List<Integer> dims = new ArrayList<>(broadcast(name, List.of(new Shape(a.dims().subList(0, a.rank() - 2)),
                new Shape(b.dims().subList(0, b.rank() - 2)))).dims());
        dims.add(a.dim(-2));
        dims.add(b.dim(-1));
        return new Shape(dims);
    }

    static Shape reduced(String name, Shape x, Op.Reduce op) {
        List<Integer> dims = new ArrayList<>();
        for (int axis : op.axes()) {
            if (axis < 0 || axis >= x.rank()) {
                throw new InvalidGraphException(name, "axis " + axis + " is outside of " + x);
            }
        }
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!op.axes().contains(axis)) {
                dims.add(x.dim(axis));
            } else if (op.keepDims()) {
                dims.add(1);
            }
        }
        return new Shape(dims);
    }

    static Shape rearranged(String name, Shape x, Rearrangement how) {
        try {
            return how.shape(x);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidGraphException(name, e.getMessage());
        }
    }

    static Shape upsampled(String name, Shape x, Resampling how) {
        if (how.target().rank() != x.rank()) {
            throw new InvalidGraphException(name, "cannot resample " + x + " to " + how.target());
        }
        return how.target();
    }

    /** Extent (in - 1) * stride - pads + dilation * (kernel - 1) + output padding + 1. */
    static Shape transposed(String name, Shape x, Op.ConvTranspose2d op) {
        Shape weight = op.weight().shape();
        ConvGeometry g = op.geometry();
        if (weight.rank() != 4 || x.dim(1) != weight.dim(0) || weight.dim(0) % g.groups() != 0) {
            throw new InvalidGraphException(name, "input " + x + " does not fit weight " + weight + " (IOHW) in " + g.groups()
                    + " groups");
        }
        int channels = Math.multiplyExact(weight.dim(1), g.groups());
        if (op.bias().isPresent() && !op.bias().get().shape().equals(Shape.of(channels))) {
            throw new InvalidGraphException(name, "bias " + op.bias().get().shape() + ", expected [" + channels + "]");
        }
        long height = (x.dim(2) - 1L) * g.strideH() - g.padTop() - g.padBottom() + (long) g.dilationH() * (weight.dim(2) - 1)
                + op.outputPadH() + 1;
        long width = (x.dim(3) - 1L) * g.strideW() - g.padLeft() - g.padRight() + (long) g.dilationW() * (weight.dim(3) - 1)
                + op.outputPadW() + 1;
        if (height < 1 || width < 1) {
            throw new InvalidGraphException(name, "the output would be " + height + " x " + width);
        }
        return Shape.of(x.dim(0), channels, Math.toIntExact(height), Math.toIntExact(width));
    }

    static Shape groupNorm(String name, Shape x, Op.GroupNorm op) {
        if (x.rank() < 2 || op.groups() < 1 || x.dim(1) % op.groups() != 0) {
            throw new InvalidGraphException(name, "the channels of " + x + " do not make " + op.groups() + " groups");
        }
        requireShape(name, op.weight(), Shape.of(x.dim(1)));
        requireShape(name, op.bias(), Shape.of(x.dim(1)));
        return x;
    }

    static Shape layerNorm(String name, Shape x, Op.LayerNorm op) {
        if (op.axis() < 0 || op.axis() >= x.rank()) {
            throw new InvalidGraphException(name, "axis " + op.axis() + " is outside of " + x);
        }
        Shape normalized = new Shape(x.dims().subList(op.axis(), x.rank()));
        requireShape(name, op.weight(), normalized);
        requireShape(name, op.bias(), normalized);
        return x;
    }

    private static void requireShape(String name, FloatTensor parameter, Shape expected) {
        if (!parameter.shape().equals(expected)) {
            throw new InvalidGraphException(name, "parameter " + parameter.shape() + ", expected " + expected);
        }
    }
}
