package quantscope.export;

import quantscope.task.Legible;

/** A configuration that cannot be read: says where in it, what was found, what was expected. */
public final class ConfigurationException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PLACE = 300;
    private static final int LONGEST_DETAIL = 1200;

    /**
     * @param place  JSON pointer, for example {@code /specification/layers/conv1/precision}
     * @param detail what was found and what was expected
     */
    public ConfigurationException(String place, String detail) {
        super((place.isEmpty() ? "" : Legible.line(place, LONGEST_PLACE) + ": ") + Legible.line(detail, LONGEST_DETAIL));
    }
}
