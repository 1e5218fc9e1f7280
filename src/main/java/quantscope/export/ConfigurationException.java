package quantscope.export;

/** A configuration that cannot be read: says where in it, what was found, what was expected. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param place  JSON pointer, for example {@code /specification/layers/conv1/precision}
     * @param detail what was found and what was expected
     */
    public ConfigurationException(String place, String detail) {
        super((place.isEmpty() ? "" : place + ": ") + detail);
    }
}
