package quantscope.format.pt2;

/** An operation that is sound but that no operator of the program computes; it is shown with this reason. */
final class NotSupportedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason a sentence for the user */
    NotSupportedException(String reason) {
        super(reason);
    }
}
