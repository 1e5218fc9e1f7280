package quantscope.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import quantscope.dataset.ImageSet;
import quantscope.dataset.SkippedImage;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.run.Engine;
import quantscope.run.Executable;
import quantscope.run.ImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Runs the fp32 network and its converted form over the evaluation images, both in one pass. */
public final class CompareRuns {

    private final Engine engine;
    private final ImageRunner runner;

    public CompareRuns(Engine engine, ImageRunner runner) {
        this.engine = Objects.requireNonNull(engine);
        this.runner = Objects.requireNonNull(runner);
    }

    /**
     * Compares. Holds the values of a few images at a time, whatever their number.
     *
     * @param converted from {@code prepared}
     * @param images    what is compared, at least one; labels are class indices in the model's order
     * @param inputs    image i, [1,C,H,W]; called from several threads
     * @param skipped   images that were left out before, for the report
     * @param progress  counts images
     * @throws java.util.concurrent.CancellationException when called off
     * @throws quantscope.run.UnsupportedOperatorException when a graph has an operator that cannot run
     */
    public Comparison run(Prepared prepared, Graph converted, List<ImageSet.Item> images,
                          ImageRunner.ImageInputs inputs, List<SkippedImage> skipped, Progress progress,
                          Cancellation cancellation) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("no image to compare; choose a folder with readable images");
        }
        Pass pass = new Pass(prepared, converted);
        List<ImageComparison> answers = new ArrayList<>(images.size());
        Executable executable = engine.compile(pass.joined.graph());
        runner.run(executable, inputs, images.size(), pass.taps(),
                result -> answers.add(pass.take(images.get(result.index()), result)),
                (done, total, what) -> progress.update(done, total, "Comparing"), cancellation);
        return new Comparison(drift(answers), pass.layerErrors(), pass.signFlips(), skipped,
                pass.kernels(executable.ways()));
    }

    /** Shares and accuracies of the answers. */
    static Drift drift(List<ImageComparison> images) {
        long drifted = images.stream().filter(ImageComparison::drifted).count();
        return new Drift(images, (double) drifted / images.size(), Wilson.interval(drifted, images.size()),
                accuracy(images, ImageComparison::fp32, 1), accuracy(images, ImageComparison::converted, 1),
                accuracy(images, ImageComparison::fp32, 5), accuracy(images, ImageComparison::converted, 5));
    }

    private static OptionalDouble accuracy(List<ImageComparison> images, Function<ImageComparison, Answer> network,
                                           int top) {
        // Images without a label, or of a class that the model does not know, say nothing about accuracy.
        List<ImageComparison> labelled = images.stream().filter(i -> i.label().isPresent()).toList();
        if (labelled.isEmpty()) {
            return OptionalDouble.empty();
        }
        long right = labelled.stream().filter(i -> network.apply(i).top5().stream().limit(top)
                .anyMatch(c -> c == i.label().getAsInt())).count();
        return OptionalDouble.of((double) right / labelled.size());
    }

    /** What one run gathers. */
    private static final class Pass {

        private final SideBySide joined;
        private final List<Node> convertedLayers;
        private final ReadAnswer readAnswer;
        private final String fp32Output;
        private final String convertedOutput;
        private final Map<String, Edge> layers = new LinkedHashMap<>();
        private final Map<String, Edge> binary = new LinkedHashMap<>();

        Pass(Prepared prepared, Graph converted) {
            Graph source = prepared.source();
            for (Node node : prepared.graph().layers()) {
                String fp32 = prepared.comparable().get(node.name());
                if (fp32 != null) {
                    layers.put(node.name(), new Edge(fp32, prepared.valueNode(node.name())));
                }
                if (prepared.precisions().get(node.name()) == Precision.BINARY) {
                    binary.put(node.name(), new Edge(source.node(node.name()).input(),
                            converted.node(node.name()).input()));
                }
            }
            Set<String> inSource = new LinkedHashSet<>(List.of(source.outputs().getFirst()));
            Set<String> inConverted = new LinkedHashSet<>(List.of(converted.outputs().getFirst()));
            for (Map<String, Edge> edges : List.of(layers, binary)) {
                edges.values().forEach(e -> {
                    inSource.add(e.fp32);
                    inConverted.add(e.converted);
                });
            }
            convertedLayers = converted.layers();
            joined = SideBySide.of(source, converted, inSource, inConverted);
            readAnswer = ReadAnswer.of(source);
            fp32Output = source.outputs().getFirst();
            convertedOutput = joined.converted(converted.outputs().getFirst());
        }

        Set<String> taps() {
            Set<String> taps = new LinkedHashSet<>(List.of(fp32Output, convertedOutput));
            for (Map<String, Edge> edges : List.of(layers, binary)) {
                edges.values().forEach(e -> {
                    taps.add(e.fp32);
                    taps.add(joined.converted(e.converted));
                });
            }
            return taps;
        }

        ImageComparison take(ImageSet.Item image, ImageRunner.ImageResult result) {
            layers.values().forEach(e -> e.errors.add(Numbers.of(result.taps().get(e.fp32)),
                    Numbers.of(result.taps().get(joined.converted(e.converted)))));
            binary.values().forEach(e -> e.countSigns(Numbers.of(result.taps().get(e.fp32)),
                    Numbers.of(result.taps().get(joined.converted(e.converted)))));
            return new ImageComparison(image.path(), image.label(),
                    readAnswer.answer(Numbers.of(result.taps().get(fp32Output))),
                    readAnswer.answer(Numbers.of(result.taps().get(convertedOutput))));
        }

        List<LayerError> layerErrors() {
            return layers.entrySet().stream().map(e -> new LayerError(e.getKey(), e.getValue().errors.metrics()))
                    .toList();
        }

        /** @param ways of the joined graph's nodes */
        Map<String, String> kernels(Map<String, String> ways) {
            Map<String, String> kernels = new LinkedHashMap<>();
            for (Node node : convertedLayers) {
                String way = ways.get(joined.converted(node.name()));
                if (way != null) {
                    kernels.put(node.name(), way);
                }
            }
            return kernels;
        }

        List<SignFlips> signFlips() {
            return binary.entrySet().stream()
                    .map(e -> new SignFlips(e.getKey(), (double) e.getValue().flips / e.getValue().elements)).toList();
        }
    }

    /** A value in both networks, by its nodes' names. */
    private static final class Edge {

        private final String fp32;
        private final String converted;
        private final ErrorSum errors = new ErrorSum();
        private long flips;
        private long elements;

        Edge(String fp32, String converted) {
            this.fp32 = fp32;
            this.converted = converted;
        }

        void countSigns(float[] x, float[] y) {
            flips += Numbers.signFlips(x, y);
            elements += x.length;
        }
    }
}
