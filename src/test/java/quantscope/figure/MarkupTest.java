package quantscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MarkupTest {

    @Test
    void textAndAttributesAreEscaped() {
        assertEquals("<b class=\"&quot;&gt;&lt;x\">&lt;i&gt; &amp; \"'</b>",
                new Markup().element("b", "<i> & \"'", "class", "\"><x").toString());
    }

    @Test
    void whatXmlCannotHoldIsReplaced() {
        assertEquals("<b>\uFFFD\uFFFD\t\uFFFD\uFFFDé\uD83D\uDE00</b>",
                new Markup().element("b", "\u0000\u001b\t\uD800\uFFFEé\uD83D\uDE00").toString());
    }

    @Test
    void elementsMustCloseInOrder() {
        Markup open = new Markup().begin("p").begin("b");
        assertThrows(IllegalStateException.class, () -> open.end("p"));
        assertThrows(IllegalStateException.class, open::toString);
        assertThrows(IllegalStateException.class, () -> new Markup().end("p"));
    }

    @Test
    void styleSheetsMustReadTheSameInXmlAndHtml() {
        assertThrows(IllegalArgumentException.class, () -> new Markup().style("a > b { }"));
        assertEquals("<style>a { font: \"x\"; }</style>\n", new Markup().style("a { font: \"x\"; }").toString());
    }

    @Test
    void coordinatesHaveOneDecimalAtMost() {
        assertEquals("3", Markup.px(3.01));
        assertEquals("-0.5", Markup.px(-0.5));
    }
}
