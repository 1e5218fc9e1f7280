package quantscope.compare;

import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.ptq.ActivationCalibration;
import quantscope.ptq.Calibration;
import quantscope.ptq.ObserverPoint;
import quantscope.ptq.Prepared;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QuantParams;

/**
 * The levels of an int8 value, as real numbers. An observer with reduced range plans with half of the levels, but
 * quantizing clips at the ends of the type: what lies between costs nothing but the headroom of the sums.
 *
 * @param params  scale and zero point of the value
 * @param range   from the lowest to the highest level of the type
 * @param planned from the lowest to the highest level that its observer planned for
 */
record ClipRange(QuantParams.PerTensor params, ActivationInsight.Range range, ActivationInsight.Range planned) {

    /** Empty where a node's value is not int8. */
    static Optional<ClipRange> of(Prepared prepared, Calibration calibration, Graph converted, String node) {
        if (!(converted.node(node).type() instanceof ValueType.Int8 type)) {
            return Optional.empty();
        }
        ObserverPoint point = observer(prepared, node);
        ObserverSpec spec = point.qconfig().activation();
        // A sigmoid's parameters are fixed and use all levels, whatever its observer would plan for.
        boolean reduced = spec.reduceRange() && !(prepared.graph().node(point.node()).op() instanceof Op.Sigmoid);
        ActivationCalibration found = calibration.activations().get(point.node());
        return Optional.of(new ClipRange(type.params(), levels(found, spec, false), levels(found, spec, reduced)));
    }

    private static ActivationInsight.Range levels(ActivationCalibration found, ObserverSpec spec, boolean reduced) {
        return new ActivationInsight.Range(found.clipMin(spec.dtype().quantMin(reduced)),
                found.clipMax(spec.dtype().quantMax(reduced)));
    }

    /** Where the parameters of an int8 value come from: the nearest observed node before it. */
    private static ObserverPoint observer(Prepared prepared, String node) {
        String at = node;
        while (true) {
            String name = at;
            Optional<ObserverPoint> point = prepared.observers().stream().filter(p -> p.node().equals(name)).findFirst();
            if (point.isPresent()) {
                return point.get();
            }
            at = prepared.graph().node(name).inputs().getFirst();
        }
    }

    /** Whether quantizing a number costs more than rounding: it lies more than half a step outside. */
    boolean clips(float x) {
        float half = params.scale() / 2;
        return x < range.min() - half || x > range.max() + half;
    }
}
