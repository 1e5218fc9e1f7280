package quantscope.kernel.emitted;

/** There is no emitted road here; says why. */
public final class EmittedUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    EmittedUnavailableException(String message) {
        super(message);
    }
}
