package quantscope.quant;

/**
 * Where a quantized network will run: the backend, and whether its CPU has VNNI. Int8 operators are the same
 * everywhere, but how each rounds, what becomes of the bias and what saturates is the backend's own.
 */
public enum Profile {
    /** PyTorch with torch.backends.quantized.engine = 'fbgemm', on a CPU with AVX512-VNNI. */
    FBGEMM("fbgemm", Rules.FBGEMM, false, QConfig.FBGEMM),
    /** The same on a CPU with AVX2 but without VNNI, where vpmaddubsw adds two products in 16 bits and saturates. */
    FBGEMM_AVX2("fbgemm-avx2", Rules.FBGEMM, true, QConfig.FBGEMM),
    /** PyTorch with engine = 'qnnpack'. */
    QNNPACK("qnnpack", Rules.QNNPACK, false, QConfig.QNNPACK),
    /** PyTorch with engine = 'onednn', or 'x86' where the CPU has VNNI. */
    ONEDNN("onednn", Rules.ONEDNN, false, QConfig.ONEDNN),
    /** ONNX Runtime's CPU provider on a CPU with VNNI. */
    ONNXRUNTIME("onnxruntime", Rules.ONNXRUNTIME, false, QConfig.ONEDNN),
    /** ONNX Runtime's CPU provider on a CPU with AVX2 but without VNNI: vpmaddubsw saturates there too. */
    ONNXRUNTIME_AVX2("onnxruntime-avx2", Rules.ONNXRUNTIME, true, QConfig.ONEDNN);

    /** Whose arithmetic int8 operators follow. */
    public enum Rules { FBGEMM, QNNPACK, ONEDNN, ONNXRUNTIME }

    private final String id;
    private final Rules rules;
    private final boolean saturates;
    private final QConfig qconfig;

    Profile(String id, Rules rules, boolean saturates, QConfig qconfig) {
        this.id = id;
        this.rules = rules;
        this.saturates = saturates;
        this.qconfig = qconfig;
    }

    /** The word on the command line and in files, for example {@code onnxruntime-avx2}. */
    public String id() {
        return id;
    }

    public Rules rules() {
        return rules;
    }

    /** Whether int8 is ONNX Runtime's, else PyTorch's. */
    public boolean onnxRuntime() {
        return rules == Rules.ONNXRUNTIME;
    }

    /** Whether sums of two neighbouring products are clamped to 16 bits. */
    public boolean saturates() {
        return saturates;
    }

    /** The same backend on a CPU with VNNI. */
    public Profile withVnni() {
        return switch (this) {
            case FBGEMM, FBGEMM_AVX2 -> FBGEMM;
            case QNNPACK -> QNNPACK;
            case ONEDNN -> ONEDNN;
            case ONNXRUNTIME, ONNXRUNTIME_AVX2 -> ONNXRUNTIME;
        };
    }

    /**
     * What computes where the CPU has AVX2 but no VNNI: PyTorch's x86 engine falls back to fbgemm there; qnnpack multiplies
     * in 16 bits everywhere and stays exact.
     */
    public Profile withoutVnni() {
        return switch (this) {
            case FBGEMM, FBGEMM_AVX2, ONEDNN -> FBGEMM_AVX2;
            case QNNPACK -> QNNPACK;
            case ONNXRUNTIME, ONNXRUNTIME_AVX2 -> ONNXRUNTIME_AVX2;
        };
    }

    /** The backend's own default; ONNX Runtime's tools plan for the full range and one scale a channel. */
    public QConfig defaultQConfig() {
        return qconfig;
    }
}
