package quantscope.app.text;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The texts of one slice, from {@code resources/i18n/quantscope/SLICE.properties}. */
public final class Texts {

    private final ResourceBundle bundle;

    private Texts(ResourceBundle bundle) {
        this.bundle = bundle;
    }

    public static Texts of(String slice) {
        return new Texts(ResourceBundle.getBundle("i18n.quantscope." + slice, Locale.ENGLISH));
    }

    /**
     * @param arguments for {0}, {1}, ... as {@link MessageFormat} puts them; numbers keep the form of the locale
     * @throws java.util.MissingResourceException when there is no such key
     */
    public String text(String key, Object... arguments) {
        return new MessageFormat(bundle.getString(key), Locale.ENGLISH).format(arguments);
    }
}
