package quantscope.run;

/** The kernels that were asked for are none that the program has, or none that this machine or process can run. */
public final class UnavailableKernelsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    UnavailableKernelsException(String message) {
        super(message);
    }

    UnavailableKernelsException(String message, Throwable cause) {
        super(message, cause);
    }
}
