package quantscope.run;

import java.util.List;
import java.util.stream.IntStream;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.Channels;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Memory;
import quantscope.kernel.Team;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Runs the steps of a plan in memory of its own, which is allocated once. A team shares the images where there is one for
 * each member, else the steps of each.
 */
final class GraphWorker implements Worker {

    /**
     * From an image's elements to the next one's there is an odd number of cache lines more than whole pages, so that what
     * a linear layer reads of several images at a time does not meet in the same set of the cache.
     */
    private static final int PAGE = 4096;
    private static final int ODD = 5 * 64;

    private final Plan plan;
    private final Memory memory;
    private final Plan.Step answer;
    /** The steps where nobody wants anything but the answer. */
    private final List<Plan.Step> untapped;
    private final int images;
    private final int floats;
    private final int bytes;

    GraphWorker(Graph graph, Plan plan, int images, Team team) {
        this.plan = plan;
        this.images = images;
        this.floats = apart(plan.floats());
        this.bytes = apart(plan.bytes());
        this.memory = Memory.of(Math.addExact(Math.multiplyExact(floats, images - 1), plan.floats()),
                Math.addExact(Math.multiplyExact(bytes, images - 1), plan.bytes()), plan.scratch())
                .with(team, images >= team.members());
        String output = graph.outputs().getFirst();
        this.answer = plan.steps().stream().filter(s -> s.node().name().equals(output)).findFirst().orElseThrow();
        this.untapped = plan.steps(List.of(Tap.NONE));
        for (Plan.Step step : plan.steps()) {
            if (step.node().op() instanceof Op.Constant c) {
                for (int image = 0; image < images; image++) {
                    store(c.value(), step, image);
                }
            }
        }
    }

    private static int apart(int elements) {
        return Math.addExact((elements + PAGE - 1) / PAGE * PAGE, ODD);
    }

    @Override
    public int images() {
        return images;
    }

    @Override
    public List<FloatTensor> run(List<FloatTensor> values, List<? extends Tap> taps) {
        if (values.size() > images || values.size() != taps.size()) {
            throw new IllegalArgumentException(values.size() + " images and " + taps.size() + " taps for a worker of "
                    + images);
        }
        List<Plan.Step> steps = taps.stream().allMatch(Tap.NONE::equals) ? untapped : plan.steps(taps);
        for (int from = 0; from < steps.size();) {
            if (values.size() > 1 && steps.get(from).together()) {
                together(steps.get(from++), taps);
            } else {
                int to = from + 1;
                while (to < steps.size() && !steps.get(to).together()) {
                    to++;
                }
                alone(steps.subList(from, to), values, taps);
                from = to;
            }
        }
        return IntStream.range(0, values.size()).mapToObj(this::answer).toList();
    }

    /** Image by image through as many steps as possible: what one writes the next still finds in the cache. */
    private void alone(List<Plan.Step> steps, List<FloatTensor> values, List<? extends Tap> taps) {
        memory.each(values.size(), (own, image) -> alone(steps, image, values.get(image), taps.get(image), own));
    }

    private void alone(List<Plan.Step> steps, int image, FloatTensor value, Tap tap, Memory memory) {
        for (Plan.Step step : steps) {
            if (step.node().op() instanceof Op.Input) {
                check(value, step);
                store(value, step, image);
            } else if (step.image().isPresent()) {
                check(value, step);
                step.image().get().run(value.data(), memory.bytes(), at(step.output(), image));
            }
            int[] inputs = step.inputs().stream().mapToInt(place -> at(place, image)).toArray();
            step.kernel().ifPresent(kernel -> kernel.run(memory, inputs, at(step.output(), image)));
            tap(step, image, tap);
        }
    }

    private void together(Plan.Step step, List<? extends Tap> taps) {
        Plan.Place from = step.inputs().getFirst();
        step.kernel().orElseThrow().runRows(memory, from.at(), step.output().at(), taps.size(), stride(from),
                stride(step.output()));
        for (int image = 0; image < taps.size(); image++) {
            tap(step, image, taps.get(image));
        }
    }

    private void tap(Plan.Step step, int image, Tap tap) {
        for (String name : step.names()) {
            // Of fused nodes nobody wants any but the last.
            if (tap.wants(name) && name.equals(step.node().name())) {
                tap.take(name, value(step, image));
            }
        }
    }

    private FloatTensor answer(int image) {
        return switch (value(answer, image)) {
            case Value.Fp32 v -> v.tensor();
            case Value.Int8 v -> dequantize(v.tensor());
        };
    }

    /** Elements from an image's values to the next one's. */
    private int stride(Plan.Place place) {
        return place.bytes() ? bytes : floats;
    }

    private int at(Plan.Place place, int image) {
        return place.at() + image * stride(place);
    }

    private static void check(FloatTensor image, Plan.Step step) {
        Shape expected = step.node().requireShape();
        if (!image.shape().equals(expected)) {
            throw new IllegalArgumentException(step.names().getFirst() + ": the image has shape " + image.shape()
                    + ", the network takes " + expected);
        }
    }

    private void store(FloatTensor value, Plan.Step step, int image) {
        Layout.channels(value.shape()).interleave(value.data(), 0, memory.floats(), at(step.output(), image));
    }

    private Value value(Plan.Step step, int image) {
        Node node = step.node();
        Shape shape = node.requireShape();
        Channels layout = Layout.channels(shape);
        return switch (node.type()) {
            case ValueType.Float32 f -> {
                float[] planes = new float[shape.size()];
                layout.separate(memory.floats(), at(step.output(), image), planes, 0);
                yield new Value.Fp32(new FloatTensor(shape, planes));
            }
            case ValueType.Int8 i -> {
                byte[] planes = new byte[shape.size()];
                layout.separate(memory.bytes(), at(step.output(), image), planes, 0);
                yield new Value.Int8(new QuantizedTensor(shape, UnsignedLevels.toTensor(planes, i.params()), i.params()));
            }
        };
    }

    private static FloatTensor dequantize(QuantizedTensor tensor) {
        float[] real = new float[tensor.levels().length];
        for (int i = 0; i < real.length; i++) {
            real[i] = Int8Arithmetic.dequantize(tensor.level(i), tensor.params().scale(0),
                    tensor.params().zeroPoint(0));
        }
        return new FloatTensor(tensor.shape(), real);
    }
}
