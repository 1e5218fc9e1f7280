package quantscope.export.pytorch;

import quantscope.quant.Profile;

/** PyTorch's engine for a profile, and what a reader of the written file has to know about it. */
final class Backend {

    private Backend() { }

    /** A value of torch.backends.quantized.engine. */
    static String engine(Profile profile) {
        return switch (profile.rules()) {
            case FBGEMM, ONNXRUNTIME -> "fbgemm";
            case QNNPACK -> "qnnpack";
            case ONEDNN -> "onednn";
        };
    }

    static String meantFor(Profile profile) {
        return switch (profile) {
            case FBGEMM, QNNPACK, ONEDNN -> "Runs as was shown on the engine " + engine(profile)
                    + ", on x86 on a CPU with AVX512-VNNI.";
            case FBGEMM_AVX2 -> "Runs as was shown on the engine fbgemm, on a CPU with AVX2 but without VNNI.";
            case ONNXRUNTIME, ONNXRUNTIME_AVX2 -> "What was shown is ONNX Runtime's arithmetic, from which PyTorch's"
                    + " differs by a level here and there.";
        };
    }
}
