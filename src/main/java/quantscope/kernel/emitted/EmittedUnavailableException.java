package quantscope.kernel.emitted;

/** There is no emitted road here; says why. */
public final class EmittedUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean failed;

    /** @param failed whether the CPU has the instructions, so that there should be such a road */
    public EmittedUnavailableException(String message, boolean failed) {
        super(message);
        this.failed = failed;
    }

    /** Whether this is worth a warning: the CPU has the instructions, but something else is in the way. */
    public boolean failed() {
        return failed;
    }
}
