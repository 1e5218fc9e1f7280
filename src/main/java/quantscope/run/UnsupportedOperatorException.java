package quantscope.run;

/** A graph with an operator that no kernel computes; names the node. */
public final class UnsupportedOperatorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnsupportedOperatorException(String message) {
        super(message);
    }
}
