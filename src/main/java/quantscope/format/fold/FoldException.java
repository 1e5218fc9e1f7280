package quantscope.format.fold;

/** An operation on known tensors that cannot be done; a reader adds the file and the node. */
public final class FoldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param detail what was found and what was expected */
    public FoldException(String detail) {
        super(detail);
    }
}
