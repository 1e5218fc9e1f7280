package quantscope.ptq;

/** A choice that does not fit the model: an unknown layer, or a precision that a layer cannot have. */
public final class InvalidSpecificationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String layer;

    /**
     * @param layer  where
     * @param detail what was chosen, what is possible
     */
    public InvalidSpecificationException(String layer, String detail) {
        super(layer + ": " + detail);
        this.layer = layer;
    }

    public String layer() {
        return layer;
    }
}
