package quantscope.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;

/** Picks the kernels once, at the start, and logs why. */
public final class KernelProvider {

    /** System property that forces a road: {@code vector} or {@code scalar}. */
    public static final String PROPERTY = "quantscope.kernels";

    private static final Logger LOG = LoggerFactory.getLogger(KernelProvider.class);

    private KernelProvider() { }

    public static Kernels choose() {
        Kernels kernels = new ScalarKernels();
        LOG.info("kernels: {}", kernels.description());
        return kernels;
    }
}
