package quantscope.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.graph.Resampling;
import quantscope.graph.ValueType;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.KernelSpec;
import quantscope.quant.QuantParams;
import quantscope.tensor.Shape;

/** Kernels that read elements where a table says, which is made here: for shapes, and the order in which values lie. */
final class TableLowering {

    private TableLowering() { }

    static KernelSpec rearrange(Node node, Node in, Rearrangement how) {
        Shape x = in.requireShape();
        int[] from = table(node.requireShape(), how.offsets(x, Layout.strides(x)));
        int run = run(from);
        int[] blocks = IntStream.range(0, from.length / run).map(i -> from[i * run]).toArray();
        float fill = how instanceof Rearrangement.Pad pad ? pad.value() : 0;
        return new KernelSpec.Gather(in.type() instanceof ValueType.Int8, blocks, run,
                in.type() instanceof ValueType.Int8 t ? level(fill, t.params()) : fill);
    }

    private static int level(float real, QuantParams.PerTensor params) {
        return Int8Arithmetic.quantizeValue(real, 1f / params.scale(), params.zeroPoint()) & 0xff;
    }

    static KernelSpec select(Node node, List<Node> in) {
        Rearrangement.Expand whole = new Rearrangement.Expand(node.requireShape());
        return new KernelSpec.Select(in.stream().map(Node::requireShape)
                .map(x -> table(node.requireShape(), whole.offsets(x, Layout.strides(x)))).toArray(int[][]::new));
    }

    /** The result, with reduced axes kept, broadcasts to the input: its elements, one for each of the input's, sort them. */
    static KernelSpec reduce(Node node, Node in, Op.Reduce op) {
        Shape x = in.requireShape();
        Shape kept = x;
        for (int axis : op.axes()) {
            kept = kept.with(axis, 1);
        }
        // Reduced axes do not change the order, so strides of what is kept are those of the result's own memory.
        Shape result = node.requireShape();
        int[] strides = op.keepDims() ? Layout.strides(kept) : spread(Layout.strides(result), op, x.rank());
        int[] target = rowMajor(x, new Rearrangement.Expand(x).offsets(kept, strides));
        int[] source = rowMajor(x, new Rearrangement.Expand(x).offsets(x, Layout.strides(x)));
        int outputs = result.size();
        int[] next = IntStream.range(0, outputs).map(o -> o * (source.length / outputs)).toArray();
        int[] order = new int[source.length];
        for (int i = 0; i < source.length; i++) {
            order[next[target[i]]++] = source[i];
        }
        return new KernelSpec.Reduce(outputs, order, op.reduction());
    }

    /** Strides of the kept axes, 0 for the others. */
    private static int[] spread(int[] strides, Op.Reduce op, int rank) {
        int[] all = new int[rank];
        for (int axis = 0, next = 0; axis < rank; axis++) {
            all[axis] = op.axes().contains(axis) ? 0 : strides[next++];
        }
        return all;
    }

    static KernelSpec matrices(Node node, List<Node> in) {
        Shape out = node.requireShape();
        Shape a = in.getFirst().requireShape();
        Shape b = in.get(1).requireShape();
        int[] steps = new int[6];
        int[][] starts = new int[3][];
        Shape batch = new Shape(out.dims().subList(0, out.rank() - 2));
        List<Shape> shapes = List.of(a, b, out);
        for (int i = 0; i < 3; i++) {
            Shape own = shapes.get(i);
            int[] strides = Layout.strides(own);
            steps[2 * i] = strides[own.rank() - 2];
            steps[2 * i + 1] = strides[own.rank() - 1];
            Shape outer = new Shape(own.dims().subList(0, own.rank() - 2));
            starts[i] = rowMajor(batch, new Rearrangement.Expand(batch).offsets(outer,
                    Arrays.copyOf(strides, own.rank() - 2)));
        }
        return new KernelSpec.MatMul(a.dim(-2), a.dim(-1), b.dim(-1), starts[0], starts[1], starts[2], steps);
    }

    static KernelSpec resample(Node node, Node in, Resampling how) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        int[] strides = Layout.strides(x);
        List<List<Resampling.Taps>> taps = IntStream.range(0, x.rank()).mapToObj(i -> how.taps(i, x.dim(i))).toList();
        int[] order = memoryOrder(y.rank());
        // The innermost axis is a block where it stays as it is.
        int last = order[order.length - 1];
        int run = y.dim(last) == x.dim(last) && how.scales().get(last) == 1 && how.crop().isEmpty() ? y.dim(last) : 1;
        int blocks = y.size() / run;
        int[] ends = new int[blocks];
        List<Integer> from = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            List<Integer> at = new ArrayList<>(List.of(0));
            List<Double> factors = new ArrayList<>(List.of(1.0));
            int rest = block * run;
            for (int i = order.length - 1; i >= 0; i--) {
                int axis = order[i];
                multiply(at, factors, taps.get(axis).get(rest % y.dim(axis)), strides[axis]);
                rest /= y.dim(axis);
            }
            from.addAll(at);
            weights.addAll(factors);
            ends[block] = from.size();
        }
        float[] terms = new float[weights.size()];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = weights.get(i).floatValue();
        }
        return new KernelSpec.WeightedBlocks(ends, from.stream().mapToInt(Integer::intValue).toArray(), terms, run,
                how.crop().map(Resampling.Crop::fill).orElse(0f));
    }

    /** Every term so far with every tap of one more axis. */
    private static void multiply(List<Integer> at, List<Double> factors, Resampling.Taps taps, int stride) {
        List<Integer> places = List.copyOf(at);
        List<Double> weights = List.copyOf(factors);
        at.clear();
        factors.clear();
        for (int i = 0; i < places.size(); i++) {
            for (int tap = 0; tap < taps.at().size(); tap++) {
                at.add(places.get(i) + taps.at().get(tap) * stride);
                factors.add(weights.get(i) * taps.weights().get(tap));
            }
        }
    }

    /** The output's elements in the order of their memory, each with the sum of its coordinates' offsets. */
    private static int[] table(Shape shape, int[][] offsets) {
        return walk(shape, offsets, memoryOrder(shape.rank()));
    }

    /** The same in row-major order. */
    static int[] rowMajor(Shape shape, int[][] offsets) {
        return walk(shape, offsets, IntStream.range(0, shape.rank()).toArray());
    }

    private static int[] walk(Shape shape, int[][] offsets, int[] order) {
        int[] table = new int[] {0};
        for (int axis : order) {
            int[] along = offsets[axis];
            int[] longer = new int[Math.multiplyExact(table.length, shape.dim(axis))];
            for (int i = 0; i < longer.length; i++) {
                int before = table[i / along.length];
                int own = along[i % along.length];
                longer[i] = before == Rearrangement.FILL || own == Rearrangement.FILL ? Rearrangement.FILL : before + own;
            }
            table = longer;
        }
        return table;
    }

    private static int[] memoryOrder(int rank) {
        return rank == 4 ? new int[] {0, 2, 3, 1} : IntStream.range(0, rank).toArray();
    }

    /** The length of the blocks of neighbours, or of fillings, that make up a table. */
    private static int run(int[] from) {
        int run = from.length;
        for (int i = 1, start = 0; i <= from.length; i++) {
            if (i == from.length || from[i] != (from[start] < 0 ? from[start] : from[start] + i - start)) {
                run = divisor(run, i - start);
                start = i;
            }
        }
        return run;
    }

    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }
}
