package quantscope.graph;

import java.util.Locale;
import java.util.Optional;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;

/** Scales and zero points of a layer that is int8. */
public final class QuantFacts {

    private QuantFacts() { }

    /** Of its output. */
    public static Optional<QuantParams.PerTensor> params(Node node) {
        return switch (node.type()) {
            case ValueType.Int8 t -> Optional.of(t.params());
            case ValueType.Float32 _ -> Optional.empty();
        };
    }

    /** Its weight, where it has one. */
    public static Optional<QuantizedTensor> weightLevels(Op op) {
        return switch (op) {
            case Op.QuantizedConv2d c -> Optional.of(c.weight());
            case Op.QuantizedLinear l -> Optional.of(l.weight());
            default -> Optional.empty();
        };
    }

    /** Of its weight, where it has one. */
    public static Optional<QuantParams> weight(Op op) {
        return weightLevels(op).map(QuantizedTensor::params);
    }

    /** For people: "output quint8, scale 0.0213, zero point 12; weight qint8, 8 scales 0.0012 to 0.0034". */
    public static Optional<String> sentence(Node node) {
        return params(node).map(p -> "output " + text(p) + weight(node.op()).map(w -> "; weight " + text(w)).orElse(""));
    }

    private static String text(QuantParams params) {
        String type = params.dtype().name().toLowerCase(Locale.ROOT);
        return switch (params) {
            case QuantParams.PerTensor p -> type + ", scale " + p.scale() + ", zero point " + p.zeroPoint();
            case QuantParams.PerChannel p -> {
                float low = Float.MAX_VALUE;
                float high = 0;
                for (float scale : p.scales()) {
                    low = Math.min(low, scale);
                    high = Math.max(high, scale);
                }
                yield type + ", " + p.channels() + " scales " + low + " to " + high;
            }
        };
    }
}
