package quantscope.export.report;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import quantscope.compare.Outcome;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.FixKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.Profile;

/** Choices in words. */
final class Words {

    private Words() { }

    static String profile(Profile profile) {
        return switch (profile) {
            case FBGEMM -> "PyTorch fbgemm on a CPU with VNNI";
            case FBGEMM_AVX2 -> "PyTorch fbgemm on a CPU with AVX2 but without VNNI";
            case QNNPACK -> "PyTorch qnnpack";
            case ONEDNN -> "PyTorch x86 / onednn on a CPU with VNNI";
            case ONNXRUNTIME -> "ONNX Runtime on a CPU with VNNI";
            case ONNXRUNTIME_AVX2 -> "ONNX Runtime on a CPU with AVX2 but without VNNI";
        };
    }

    static String observer(ObserverSpec spec) {
        return spec.kind().torchName() + ", " + (spec.scheme().symmetric() ? "symmetric " : "")
                + spec.dtype().name().toLowerCase(Locale.ROOT) + (spec.reduceRange() ? ", 7 bits" : "");
    }

    static String fix(FixKind fix) {
        return switch (fix) {
            case MAKE_UNIQUE -> "a module of its own for each use";
            case MAKE_OUT_OF_PLACE -> "made out-of-place";
            case USE_FLOAT_FUNCTIONAL -> "through FloatFunctional";
            case MAKE_MODULE -> "made a module";
            case FUSE -> "fused with what follows it";
        };
    }

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case SAME -> "same answer";
            case BECAME_RIGHT -> "became right";
            case BECAME_WRONG -> "became wrong";
            case CHANGED -> "another answer";
        };
    }

    static String preprocessing(Preprocessing p) {
        OptionalInt side = p.resize();
        return (side.isPresent() ? "shorter side to " + side.getAsInt() + ", " : "") + "centre crop " + p.cropHeight() + " × "
                + p.cropWidth() + ", mean " + numbers(p.mean()) + ", std " + numbers(p.std());
    }

    private static String numbers(float[] values) {
        return java.util.stream.IntStream.range(0, values.length).mapToObj(i -> Float.toString(values[i]))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
