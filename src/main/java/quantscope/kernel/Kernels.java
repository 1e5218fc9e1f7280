package quantscope.kernel;

/** A road to the hardware: turns specifications into packed kernels. The whole interface between engine and kernels. */
public interface Kernels {

    /**
     * Packs an operator's parameters.
     *
     * @param spec its arrays may be kept and are never written to
     */
    Kernel pack(KernelSpec spec);

    /** What computes, for the status bar and reports: "Vector API, 512 bit". */
    String description();
}
