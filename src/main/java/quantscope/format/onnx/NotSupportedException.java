package quantscope.format.onnx;

/** An operator, or a use of it, that the program cannot run; it is shown in the graph with this reason. */
final class NotSupportedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param reason a sentence for the user, without the node's name */
    NotSupportedException(String reason) {
        super(reason);
    }
}
