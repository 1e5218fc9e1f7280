package quantscope.graph;

/** A graph that cannot be: shapes that do not fit, a missing input, a name used twice. */
public final class InvalidGraphException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String node;

    /**
     * @param node   where
     * @param detail what was found and what was expected
     */
    public InvalidGraphException(String node, String detail) {
        super(node + ": " + detail);
        this.node = node;
    }

    public String node() {
        return node;
    }
}
