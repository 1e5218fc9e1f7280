package quantscope.compare;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.ptq.Calibration;
import quantscope.ptq.Int8Support;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.run.Engine;
import quantscope.run.Executable;
import quantscope.run.ImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * Looks inside layers of a converted network: weight, input and output against the fp32 network, over the
 * calibration images. Two passes, first for ranges, then for counts; only what the layers need is computed.
 */
public final class Inspect {

    private final Engine engine;
    private final ImageRunner runner;

    public Inspect(Engine engine, ImageRunner runner) {
        this.engine = Objects.requireNonNull(engine);
        this.runner = Objects.requireNonNull(runner);
    }

    /**
     * Inspects a layer.
     *
     * @param converted from {@code prepared} and {@code calibration}
     * @param layer     any layer of the prepared graph; a fused one gives its whole group, the sign in front of a
     *                  layer gives that layer, a stub the value that it converts
     * @param inputs    image i, [1,C,H,W]; called from several threads, twice an image
     * @param count     number of images, at least 1
     * @param progress  counts images, over both passes
     * @throws IllegalArgumentException when there is no such layer
     * @throws java.util.concurrent.CancellationException when called off
     */
    public LayerInsight run(Prepared prepared, Calibration calibration, Graph converted, String layer,
                            ImageRunner.ImageInputs inputs, int count, Progress progress, Cancellation cancellation) {
        return run(prepared, calibration, converted, List.of(layer), inputs, count, progress, cancellation).getFirst();
    }

    /** The same for several layers at once, in two passes for all of them; in the given order. */
    public List<LayerInsight> run(Prepared prepared, Calibration calibration, Graph converted, List<String> layers,
                                  ImageRunner.ImageInputs inputs, int count, Progress progress,
                                  Cancellation cancellation) {
        if (count < 1) {
            throw new IllegalArgumentException("no image to inspect " + String.join(", ", layers) + " with");
        }
        Places places = new Places(prepared, converted);
        List<Probed> probed = layers.stream().map(places::layer).map(named -> new Probed(named,
                places.probe(places.fp32Input(named), places.convertedInput(named), calibration),
                places.probe(places.fp32Output(named), prepared.valueNode(named), calibration))).toList();
        List<ValueProbe> probes = probed.stream().flatMap(p -> Stream.of(p.input, p.output)).toList();
        SideBySide joined = SideBySide.of(prepared.source(), converted, probes.stream().map(ValueProbe::fp32).toList(),
                probes.stream().map(ValueProbe::converted).toList());
        Executable executable = engine.compile(joined.graph());
        Set<String> taps = Set.copyOf(probes.stream()
                .flatMap(p -> Stream.of(p.fp32(), joined.converted(p.converted()))).toList());
        runner.run(executable, inputs, count, taps, result -> probes.forEach(p -> p.range(
                        Numbers.of(result.taps().get(p.fp32())),
                        Numbers.of(result.taps().get(joined.converted(p.converted()))))),
                (done, total, what) -> progress.update(done, 2 * total, "Inspecting"), cancellation);
        runner.run(executable, inputs, count, taps, result -> probes.forEach(p -> p.count(
                        Numbers.of(result.taps().get(p.fp32())),
                        Numbers.of(result.taps().get(joined.converted(p.converted()))))),
                (done, total, what) -> progress.update(total + done, 2 * total, "Inspecting"), cancellation);
        return probed.stream().map(p -> p.insight(prepared, calibration)).toList();
    }

    /** A layer with what watches its input and its output. */
    private record Probed(String layer, ValueProbe input, ValueProbe output) {

        LayerInsight insight(Prepared prepared, Calibration calibration) {
            Optional<SignFlips> flips = prepared.precisions().get(layer) == Precision.BINARY
                    ? Optional.of(new SignFlips(layer, input.signFlipRate())) : Optional.empty();
            return new LayerInsight(layer, InspectWeight.run(prepared, calibration, layer), input.insight(),
                    output.insight(), flips);
        }
    }

    /** Where a layer's values are in both networks. */
    private record Places(Prepared prepared, Graph converted) {

        /** The layer that stands for a node of the prepared graph. */
        String layer(String name) {
            boolean ofSign = isStub(name) && isSign(prepared.graph().node(name).input());
            return isSign(name) || ofSign ? layer(prepared.graph().consumers(name).getFirst())
                    : prepared.firstOfGroup(name);
        }

        /** Whether a node is the sign that was taken out of a binary layer. */
        private boolean isSign(String name) {
            return prepared.source().find(name).isEmpty() && prepared.graph().node(name).op() instanceof Op.Sign;
        }

        private boolean isStub(String name) {
            Op op = prepared.graph().node(name).op();
            return op instanceof Op.QuantStub || op instanceof Op.DeQuantStub;
        }

        /** The node of the fp32 network that makes the same value as a node of the prepared graph. */
        String fp32Output(String name) {
            if (isStub(name)) {
                return fp32Output(prepared.graph().node(name).input());
            }
            return prepared.comparable().getOrDefault(prepared.firstOfGroup(name), name);
        }

        String fp32Input(String layer) {
            return isStub(layer) ? fp32Output(layer) : prepared.source().node(layer).inputs().stream().findFirst()
                    .orElse(layer);
        }

        String convertedInput(String layer) {
            List<String> inputs = converted.node(layer).inputs();
            if (inputs.isEmpty()) {
                return layer;
            }
            boolean signed = prepared.source().find(layer).filter(Int8Support::isBinary).isPresent()
                    && prepared.precisions().get(layer) != Precision.BINARY;
            String input = inputs.getFirst();
            if (!signed) {
                return input;
            }
            // A binary layer's input is what goes into its sign, also where the sign is a layer of its own.
            String sign = isStub(input) ? converted.node(input).input() : input;
            return converted.node(sign).input();
        }

        ValueProbe probe(String fp32, String node, Calibration calibration) {
            return new ValueProbe(fp32, node, ClipRange.of(prepared, calibration, converted, node));
        }
    }
}
