package quantscope.ptq;

/** In which arithmetic a layer runs. */
public enum Precision {
    FP32("fp32"), INT8("int8"), BINARY("binary");

    private final String label;

    Precision(String label) {
        this.label = label;
    }

    /** The word on the screen, on the command line and in files. */
    public String label() {
        return label;
    }
}
