package quantscope.kernel;

import java.util.Optional;

/** A road to the hardware: turns specifications into packed kernels. The whole interface between engine and kernels. */
public interface Kernels {

    /**
     * Packs an operator's parameters.
     *
     * @param spec its arrays may be kept and are never written to
     */
    Kernel pack(KernelSpec spec);

    /**
     * The same layer together with what stands around it.
     *
     * @param layer that {@link #pack} gave; its weights are shared
     * @return empty where this road, or this layer, has no such kernel
     */
    default Optional<Kernel> fuse(Kernel layer, Fused how) {
        return Optional.empty();
    }

    /**
     * Reads an image and quantizes it at once.
     *
     * @return empty where this road does one after the other
     */
    default Optional<ImageQuantizer> imageQuantizer(KernelSpec.Quantize spec, Channels image) {
        return Optional.empty();
    }

    /** What computes, for the status bar and reports: "Vector API, 512 bit". */
    String description();
}
