package quantscope.format.onnx;

/** An operator, or a use of it, that the program cannot run; it is shown in the graph with this reason. */
final class NotSupportedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean mixesImages;

    /** @param reason a sentence for the user, without the node's name */
    NotSupportedException(String reason) {
        this(reason, false);
    }

    private NotSupportedException(String reason, boolean mixesImages) {
        super(reason);
        this.mixesImages = mixesImages;
    }

    /** For what would mix the images of a batch. */
    static NotSupportedException mixing(String reason) {
        return new NotSupportedException(reason, true);
    }

    /** Whether it could run if what lies along the first axis were no batch of images. */
    boolean mixesImages() {
        return mixesImages;
    }
}
