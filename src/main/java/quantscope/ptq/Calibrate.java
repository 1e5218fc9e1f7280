package quantscope.ptq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import quantscope.graph.ExtractUpTo;
import quantscope.graph.Op;
import quantscope.quant.ObservedRange;
import quantscope.quant.Observer;
import quantscope.quant.Observers;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.quant.WeightQuantization;
import quantscope.run.Engine;
import quantscope.run.Executable;
import quantscope.run.ImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Runs a prepared graph in fp32 over the calibration images and shows every observer its activations, batch by batch
 * in order; quantizes the weights. No result depends on the number of threads: each observer has one thread at a time
 * and sees the same batches in the same order.
 */
public final class Calibrate {

    /** Tapped activations of one batch that may be held at a time; above, nodes are observed in several passes. */
    public static final long BATCH_BYTES = 512L << 20;

    /** PyTorch fixes a quantized sigmoid's output, whose range is known, to this. */
    static final QuantParams.PerTensor SIGMOID = new QuantParams.PerTensor(QuantDtype.QUINT8, 1f / 256, 0);

    private final Engine engine;
    private final ImageRunner runner;
    private final long batchBytes;

    public Calibrate(Engine engine, ImageRunner runner) {
        this(engine, runner, BATCH_BYTES);
    }

    /** @param batchBytes see {@link #BATCH_BYTES} */
    Calibrate(Engine engine, ImageRunner runner, long batchBytes) {
        this.engine = Objects.requireNonNull(engine);
        this.runner = Objects.requireNonNull(runner);
        this.batchBytes = batchBytes;
    }

    /**
     * Finds scales and zero points.
     *
     * @param images   image i, [1,C,H,W]; called from several threads, once an image and pass
     * @param count    number of images
     * @param batch    images per batch, at least 1; the last batch may be smaller
     * @param progress counts images, over all passes
     * @throws java.util.concurrent.CancellationException when called off
     * @throws quantscope.run.UnsupportedOperatorException when the graph has an operator that cannot run
     */
    public Calibration run(Prepared prepared, ImageRunner.ImageInputs images, int count, int batch,
                           Progress progress, Cancellation cancellation) {
        if (count < 1 || batch < 1) {
            throw new IllegalArgumentException(count + " images in batches of " + batch + ", expected at least 1");
        }
        List<List<ObserverPoint>> passes = passes(prepared, Math.min(batch, count));
        Map<String, Observer> observers = new LinkedHashMap<>();
        for (int pass = 0; pass < passes.size(); pass++) {
            long before = (long) pass * count;
            long total = (long) passes.size() * count;
            for (ObserverPoint point : passes.get(pass)) {
                observers.put(point.node(), Observers.create(point.qconfig().activation()));
            }
            observe(prepared, passes.get(pass), observers, images, count, batch,
                    (done, all, what) -> progress.update(before + done, total, "Calibrating"), cancellation);
        }
        List<String> warnings = new ArrayList<>();
        Map<String, ActivationCalibration> activations = new LinkedHashMap<>();
        observers.forEach((node, observer) -> activations.put(node, result(prepared, node, observer, warnings)));
        cancellation.check();
        return new Calibration(activations, weights(prepared), warnings);
    }

    /** Observers in running order, cut where a batch of their activations would be too much to hold. */
    private List<List<ObserverPoint>> passes(Prepared prepared, int batch) {
        List<List<ObserverPoint>> passes = new ArrayList<>();
        long held = 0;
        for (ObserverPoint point : prepared.observers()) {
            long bytes = 4L * batch * prepared.graph().node(point.observed()).requireShape().elements();
            if (passes.isEmpty() || held + bytes > batchBytes) {
                passes.add(new ArrayList<>());
                held = 0;
            }
            passes.getLast().add(point);
            held += bytes;
        }
        return passes;
    }

    private void observe(Prepared prepared, List<ObserverPoint> points, Map<String, Observer> observers,
                         ImageRunner.ImageInputs images, int count, int batch, Progress progress,
                         Cancellation cancellation) {
        Set<String> taps = points.stream().map(ObserverPoint::observed).collect(Collectors.toSet());
        Executable executable = engine.compile(ExtractUpTo.run(prepared.graph(), taps));
        List<ImageRunner.ImageResult> held = new ArrayList<>(batch);
        runner.run(executable, images, count, taps, result -> {
            held.add(result);
            if (held.size() == batch || result.index() == count - 1) {
                points.parallelStream().forEach(point -> observers.get(point.node()).observe(
                        held.stream().map(r -> fp32(point, r.taps().get(point.observed()))).toList()));
                held.clear();
            }
        }, progress, cancellation);
    }

    private static FloatTensor fp32(ObserverPoint point, Value value) {
        return switch (value) {
            case Value.Fp32 v -> v.tensor();
            case Value.Int8 v -> throw new IllegalStateException(point.observed() + " is int8 before convert");
        };
    }

    private static ActivationCalibration result(Prepared prepared, String node, Observer observer,
                                                List<String> warnings) {
        if (!observer.observed()) {
            warnings.add(node + ": its observer saw no finite value; scale 1, zero point 0");
        }
        QuantParams.PerTensor params = prepared.graph().node(node).op() instanceof Op.Sigmoid ? SIGMOID
                : switch (observer.calculateQParams()) {
                    case QuantParams.PerTensor p -> p;
                    case QuantParams.PerChannel p -> throw new IllegalStateException(node + ": per-channel activation");
                };
        ObservedRange range = observer.range();
        return new ActivationCalibration(params, range.min()[0], range.max()[0], observer.histogram());
    }

    private static Map<String, QuantizedTensor> weights(Prepared prepared) {
        Map<String, QuantizedTensor> weights = new LinkedHashMap<>();
        for (ObserverPoint point : prepared.observers()) {
            weight(prepared, point.node()).ifPresent(
                    w -> weights.put(point.node(), WeightQuantization.quantize(w, point.qconfig().weight())));
        }
        return weights;
    }

    /** The fp32 weight of a layer of the prepared graph that has one to quantize, after fusing. */
    static Optional<FloatTensor> weight(Prepared prepared, String layer) {
        return switch (prepared.graph().node(layer).op()) {
            case Op.Conv2d c -> Optional.of(c.weight());
            case Op.Linear l -> Optional.of(l.weight());
            default -> Optional.empty();
        };
    }
}
