package quantscope.graph;

import java.util.List;
import java.util.stream.IntStream;
import quantscope.tensor.Shape;

/**
 * How elements move, are repeated or left out, axis by axis: each coordinate along an axis of the result reaches a fixed way
 * into the input, whatever the other coordinates are. Lists have one entry for each axis.
 */
public sealed interface Rearrangement {

    /** Where the result holds no element of the input's. */
    int FILL = -1;

    /**
     * The result's shape.
     *
     * @throws IllegalArgumentException where the input does not fit
     */
    Shape shape(Shape in);

    /**
     * For each axis of the result and each coordinate along it, how far it reaches into the input; {@link #FILL} where
     * nothing is there.
     *
     * @param in      fits
     * @param strides elements from one to the next along each axis of the input
     */
    int[][] offsets(Shape in, int[] strides);

    /** The name of the matching PyTorch function, as a title. */
    default String kind() {
        return getClass().getSimpleName();
    }

    /** Axis i of the result is axis dims[i] of the input. */
    record Permute(List<Integer> dims) implements Rearrangement {

        public Permute {
            dims = List.copyOf(dims);
            if (!dims.stream().sorted().toList().equals(IntStream.range(0, dims.size()).boxed().toList())) {
                throw new IllegalArgumentException(dims + " is no permutation of axes");
            }
        }

        @Override
        public Shape shape(Shape in) {
            requireRank(in, dims.size());
            return new Shape(dims.stream().map(in::dim).toList());
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            return axes(shape(in), (axis, at) -> at * strides[dims.get(axis)]);
        }
    }

    /** sizes[i] elements of each axis, from starts[i] on, each steps[i] further, which may be negative. */
    record Slice(List<Integer> starts, List<Integer> sizes, List<Integer> steps) implements Rearrangement {

        public Slice {
            starts = List.copyOf(starts);
            sizes = List.copyOf(sizes);
            steps = List.copyOf(steps);
            if (sizes.size() != starts.size() || steps.size() != starts.size()) {
                throw new IllegalArgumentException("starts, sizes and steps have different lengths");
            }
        }

        @Override
        public Shape shape(Shape in) {
            requireRank(in, starts.size());
            for (int axis = 0; axis < starts.size(); axis++) {
                long last = starts.get(axis) + (sizes.get(axis) - 1L) * steps.get(axis);
                if (sizes.get(axis) < 1 || starts.get(axis) < 0 || starts.get(axis) >= in.dim(axis) || last < 0
                        || last >= in.dim(axis)) {
                    throw new IllegalArgumentException(sizes.get(axis) + " elements from " + starts.get(axis) + " in steps of "
                            + steps.get(axis) + " are not inside of axis " + axis + " of " + in);
                }
            }
            return new Shape(sizes);
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            return axes(shape(in), (axis, at) -> (starts.get(axis) + at * steps.get(axis)) * strides[axis]);
        }
    }

    /** Repeats axes of extent 1 to the shape's extent, and adds axes in front, as numpy's broadcasting. */
    record Expand(Shape target) implements Rearrangement {

        @Override
        public Shape shape(Shape in) {
            for (int i = 1; i <= in.rank(); i++) {
                if (i > target.rank() || in.dim(-i) != 1 && in.dim(-i) != target.dim(-i)) {
                    throw new IllegalArgumentException("cannot expand " + in + " to " + target);
                }
            }
            return target;
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            int more = shape(in).rank() - in.rank();
            return axes(target, (axis, at) -> axis < more || in.dim(axis - more) == 1 ? 0 : at * strides[axis - more]);
        }
    }

    /** The whole input repeats[i] times along each axis. */
    record Tile(List<Integer> repeats) implements Rearrangement {

        public Tile {
            repeats = List.copyOf(repeats);
        }

        @Override
        public Shape shape(Shape in) {
            requireRank(in, repeats.size());
            return new Shape(IntStream.range(0, in.rank()).mapToObj(i -> Math.multiplyExact(in.dim(i), repeats.get(i)))
                    .toList());
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            return axes(shape(in), (axis, at) -> at % in.dim(axis) * strides[axis]);
        }
    }

    /** What lies outside of the input. */
    enum PadMode { CONSTANT, REFLECT, REPLICATE, CIRCULAR }

    /**
     * Elements before and after each axis; negative ones are cut away.
     *
     * @param value of the elements outside, for CONSTANT
     */
    record Pad(List<Integer> before, List<Integer> after, PadMode mode, float value) implements Rearrangement {

        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
            if (before.size() != after.size()) {
                throw new IllegalArgumentException("pads before and after have different lengths");
            }
        }

        @Override
        public Shape shape(Shape in) {
            requireRank(in, before.size());
            return new Shape(IntStream.range(0, in.rank())
                    .mapToObj(i -> Math.addExact(Math.addExact(in.dim(i), before.get(i)), after.get(i))).toList());
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            return axes(shape(in), (axis, at) -> {
                int inside = inside(at - before.get(axis), in.dim(axis));
                return inside == FILL ? FILL : inside * strides[axis];
            });
        }

        private int inside(int at, int extent) {
            if (at >= 0 && at < extent) {
                return at;
            }
            return switch (mode) {
                case CONSTANT -> FILL;
                case REPLICATE -> Math.clamp(at, 0, extent - 1);
                case CIRCULAR -> Math.floorMod(at, extent);
                case REFLECT -> {
                    // To and fro, the edges once each.
                    int period = Math.max(1, 2 * (extent - 1));
                    int phase = Math.floorMod(at, period);
                    yield Math.min(phase, period - phase) % extent;
                }
            };
        }
    }

    /** The slices at these indices along one axis. */
    record IndexSelect(int axis, List<Integer> indices) implements Rearrangement {

        public IndexSelect {
            indices = List.copyOf(indices);
        }

        @Override
        public Shape shape(Shape in) {
            if (axis < 0 || axis >= in.rank()) {
                throw new IllegalArgumentException("axis " + axis + " is outside of " + in);
            }
            for (int index : indices) {
                if (index < 0 || index >= in.dim(axis)) {
                    throw new IllegalArgumentException("index " + index + " is outside of axis " + axis + " of " + in);
                }
            }
            return in.with(axis, indices.size());
        }

        @Override
        public int[][] offsets(Shape in, int[] strides) {
            return axes(shape(in), (i, at) -> (i == axis ? indices.get(at) : at) * strides[i]);
        }
    }

    /** What a coordinate along an axis of the result reads. */
    @FunctionalInterface
    interface Coordinate {
        int offset(int axis, int at);
    }

    private static int[][] axes(Shape result, Coordinate coordinate) {
        return IntStream.range(0, result.rank()).mapToObj(axis -> IntStream.range(0, result.dim(axis))
                .map(at -> coordinate.offset(axis, at)).toArray()).toArray(int[][]::new);
    }

    private static void requireRank(Shape in, int rank) {
        if (in.rank() != rank) {
            throw new IllegalArgumentException("input " + in + " has rank " + in.rank() + ", expected " + rank);
        }
    }
}
