package quantscope.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import quantscope.kernel.Kernels;
import quantscope.kernel.emitted.EmittedKernels;
import quantscope.kernel.emitted.EmittedUnavailableException;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;

/** Picks the kernels, once at the start, and logs why. */
public final class KernelProvider {

    /** System property that forces a road: {@code emitted}, {@code vector} or {@code scalar}. */
    public static final String PROPERTY = "quantscope.kernels";

    private static final String MODULE = "jdk.incubator.vector";
    private static final Logger LOG = LoggerFactory.getLogger(KernelProvider.class);

    private KernelProvider() { }

    /** Makes the emitted road, given what computes the rest. */
    @FunctionalInterface
    interface Emitted {
        Kernels of(Kernels others) throws EmittedUnavailableException;
    }

    /**
     * The fastest road of this machine and process, or the one that {@value #PROPERTY} names.
     *
     * @throws UnavailableKernelsException when the property names no road, or one that the process cannot go
     */
    public static Kernels choose() {
        return choose(System.getProperty(PROPERTY, ""), ModuleLayer.boot().findModule(MODULE).isPresent());
    }

    static Kernels choose(String forced, boolean vectorModule) {
        return choose(forced, vectorModule, EmittedKernels::of);
    }

    static Kernels choose(String forced, boolean vectorModule, Emitted emitted) {
        return switch (forced) {
            case "" -> emittedOr(portable(vectorModule), vectorModule, emitted);
            case "emitted" -> {
                try {
                    Kernels portable = portable(vectorModule);
                    yield logged(emitted.of(portable), "asked for; the rest: " + portable.description());
                } catch (EmittedUnavailableException e) {
                    throw new UnavailableKernelsException("-D" + PROPERTY + "=emitted, but " + e.getMessage(), e);
                }
            }
            case "vector" -> {
                if (!vectorModule) {
                    throw new UnavailableKernelsException("-D" + PROPERTY + "=vector, but the process was started"
                            + " without --add-modules " + MODULE);
                }
                yield logged(new VectorKernels(), "asked for");
            }
            case "scalar" -> logged(new ScalarKernels(), "asked for");
            default -> throw new UnavailableKernelsException("-D" + PROPERTY + "=" + forced
                    + ", expected emitted, vector or scalar");
        };
    }

    private static Kernels emittedOr(Kernels portable, boolean vectorModule, Emitted emitted) {
        String module = vectorModule ? "the process has " + MODULE
                : "the process was started without --add-modules " + MODULE;
        try {
            return logged(emitted.of(portable), "the self-test equals the reference; the rest: "
                    + portable.description() + "; " + module);
        } catch (EmittedUnavailableException e) {
            LOG.atLevel(e.failed() ? Level.WARN : Level.INFO).log("Kernels: {}; nothing is emitted: {}; {}",
                    portable.description(), e.getMessage(), module);
            return portable;
        }
    }

    private static Kernels portable(boolean vectorModule) {
        return vectorModule ? new VectorKernels() : new ScalarKernels();
    }

    private static Kernels logged(Kernels kernels, String reason) {
        LOG.info("Kernels: {}; {}", kernels.description(), reason);
        return kernels;
    }
}
