package quantscope.figure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/**
 * Writes elements that are XML and HTML at once. Whatever is given as text or as an attribute's value is escaped, and
 * characters that XML cannot hold become U+FFFD, so that no name out of a file can become markup.
 */
public final class Markup {

    private static final char REPLACEMENT = '\uFFFD';

    /** No line break behind these: it would be seen as a space. */
    private static final Set<String> INLINE = Set.of("span", "data", "b", "tspan", "title", "text", "code", "small");

    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** @param attributes name, value, name, value ... */
    public Markup begin(String element, String... attributes) {
        tag(element, attributes);
        out.append('>');
        open.push(element);
        return this;
    }

    /** @throws IllegalStateException when another element is open */
    public Markup end(String element) {
        if (open.isEmpty() || !open.peek().equals(element)) {
            throw new IllegalStateException("</" + element + "> where " + open + " is open");
        }
        open.pop();
        out.append("</").append(element).append('>');
        if (!INLINE.contains(element)) {
            out.append('\n');
        }
        return this;
    }

    /** An element that holds nothing but text. */
    public Markup element(String element, String text, String... attributes) {
        return begin(element, attributes).text(text).end(element);
    }

    /** An element without content: {@code meta}, {@code img}, {@code rect}. */
    public Markup empty(String element, String... attributes) {
        tag(element, attributes);
        out.append("/>");
        return this;
    }

    public Markup text(String text) {
        escape(text, false);
        return this;
    }

    /**
     * A style sheet. Browsers read it as it stands, XML parsers do not, so it must look the same to both.
     *
     * @throws IllegalArgumentException when it holds &lt;, &gt; or &amp;
     */
    public Markup style(String css) {
        if (css.matches("(?s).*[<>&].*")) {
            throw new IllegalArgumentException("a style sheet with <, > or &");
        }
        return element("style", css);
    }

    /** A number for coordinates: one decimal at most. */
    public static String px(double x) {
        String text = String.format(Locale.ROOT, "%.1f", x);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** @throws IllegalStateException when an element is still open */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException(open + " is open");
        }
        return out.toString();
    }

    private void tag(String element, String... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1], true);
            out.append('"');
        }
    }

    private void escape(String text, boolean attribute) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append(attribute ? "&quot;" : "\"");
                default -> out.appendCodePoint(inXml(c) ? c : REPLACEMENT);
            }
        });
    }

    /** XML 1.0's Char, without the controls that HTML forbids. */
    private static boolean inXml(int c) {
        return c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c < 0x7f || c >= 0xa0 && c < 0xd800
                || c >= 0xe000 && c < 0xfffe || c >= 0x10000;
    }
}
