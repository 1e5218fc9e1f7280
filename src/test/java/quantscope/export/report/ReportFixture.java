package quantscope.export.report;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import quantscope.compare.Answer;
import quantscope.compare.CompareRuns;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.compare.ForecastSaturation;
import quantscope.compare.ImageComparison;
import quantscope.compare.Inspect;
import quantscope.compare.Interval;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.dataset.RgbImage;
import quantscope.dataset.SkippedImage;
import quantscope.export.Configuration;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Nets;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;
import quantscope.quant.Profile;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A real comparison of a small binarized network whose every name is hostile. */
final class ReportFixture {

    static final String LAYER = "conv<script src=\"http://evil/x.js\">1</script>&'\"";
    static final String CLASS = "</style><img src=x onerror=alert(1)>";
    static final String PATH = "a\"/><iframe src='//evil'>\u0000\u202e.png";
    static final ZonedDateTime MADE = ZonedDateTime.of(2026, 3, 4, 5, 6, 7, 8, ZoneOffset.UTC);
    private static final int COUNT = 6;

    private ReportFixture() { }

    static ReportContent content() {
        return content(MADE);
    }

    static ReportContent content(ZonedDateTime made) {
        Nets n = Nets.image("hostile");
        Graph graph = n.then(LAYER, n.conv(3, 4, 3)).then("relu]]>1", new Op.Relu()).then("conv2", n.binary(4, 6))
                .then("flatten", new Op.Flatten(1)).then("fc", n.linear(6 * 64, 3)).build();
        Specification chosen = Preset.EVERYTHING.apply(graph, Specification.EMPTY).specification();
        Prepared prepared = Prepare.run(graph, chosen);
        GraphEngine engine = new GraphEngine(new ScalarKernels());
        ParallelImageRunner runner = new ParallelImageRunner(2);
        List<FloatTensor> images = new ArrayList<>();
        List<ImageSet.Item> items = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            images.add(n.tensor(Shape.of(1, 3, 8, 8)));
            items.add(new ImageSet.Item("c/" + i + ".png", OptionalInt.of(i % 3)));
        }
        ImageRunner.ImageInputs inputs = ImageRunner.ImageInputs.of(images);
        Calibration calibration = new Calibrate(engine, runner).run(prepared, inputs, COUNT, 4, Progress.NONE,
                Cancellation.NEVER);
        Graph converted = Convert.run(prepared, calibration);
        Comparison found = new CompareRuns(engine, runner).run(prepared, converted, items, inputs, List.of(), Progress.NONE,
                Cancellation.NEVER);
        Comparison comparison = new Comparison(drifting(2), found.layers(), found.signFlips(),
                List.of(new SkippedImage("b<.jpg", "broken & cut")), found.kernels());
        Configuration configuration = new Configuration("model<&>.onnx", "ONNX <made> & by a test", "0".repeat(64), chosen,
                Preprocessing.imageNet(3, 8, 8), "images & more", ImageSelection.DEFAULT, List.of("c/0.png", "c/1.png"),
                List.of(), calibration.activations(), Map.of());
        return new ReportContent(configuration, prepared, calibration, comparison, List.of("plain", CLASS), List.of("a <note>"),
                new Inspect(engine, runner).run(prepared, calibration, converted, prepared.int8Layers(), inputs, COUNT,
                        Progress.NONE, Cancellation.NEVER),
                Optional.of(new ForecastSaturation(engine, runner).run(converted, Profile.FBGEMM, inputs, COUNT, Progress.NONE,
                        Cancellation.NEVER)),
                Map.of(path(0), Thumbnails.jpeg(new RgbImage(2, 1, new byte[] {1, 2, 3, 4, 5, 6}))),
                new Machine("CPU <x>", 2, "Linux", "Java & more", "engine", "0.0"), made);
    }

    static String path(int i) {
        return i + PATH;
    }

    /** As many images with another answer, and one with the same. */
    static Drift drifting(int count) {
        List<ImageComparison> all = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            all.add(new ImageComparison(path(i), OptionalInt.of(1), new Answer(List.of(1, 0), List.of(0.75f, 0.25f)),
                    i < count ? new Answer(List.of(0, 1), List.of(0.625f, 0.375f))
                            : new Answer(List.of(1, 0), List.of(0.8125f, 0.1875f))));
        }
        double share = count / (count + 1.0);
        return new Drift(all, share, new Interval(share / 2, share), OptionalDouble.of(1), OptionalDouble.of(1 - share),
                OptionalDouble.of(1), OptionalDouble.of(1));
    }

    static ReportContent with(ReportContent c, Drift drift) {
        return new ReportContent(c.configuration(), c.prepared(), c.calibration(), new Comparison(drift, c.comparison().layers(),
                c.comparison().signFlips(), c.comparison().skipped(), c.comparison().kernels()), c.classNames(), c.notes(), c.insights(), c.saturation(),
                c.pictures(), c.machine(), c.made());
    }
}
