package quantscope.kernel.emitted;

/** The system gives no executable memory; another road has to be gone. */
final class CodeMemoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CodeMemoryException(String message) {
        super(message);
    }
}
