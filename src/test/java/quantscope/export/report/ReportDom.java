package quantscope.export.report;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report as a tree of elements. */
public final class ReportDom {

    private final Element root;

    private ReportDom(Element root) {
        this.root = root;
    }

    /** @throws AssertionError where it is not well-formed */
    public static ReportDom parse(String html) {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            builder.setEntityResolver((_, _) -> {
                throw new SAXException("refers to another file");
            });
            return new ReportDom(builder.parse(new InputSource(new StringReader(html))).getDocumentElement());
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new AssertionError(e);
        }
    }

    /** All elements, in the file's order. */
    public List<Element> all() {
        List<Element> elements = new ArrayList<>();
        gather(root, elements);
        return elements;
    }

    private static void gather(Element element, List<Element> into) {
        into.add(element);
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element e) {
                gather(e, into);
            }
        }
    }

    public Element byId(String id) {
        return all().stream().filter(e -> e.getAttribute("id").equals(id)).findFirst()
                .orElseThrow(() -> new AssertionError("nothing has the id " + id));
    }

    static Stream<Element> within(Element element, Predicate<Element> wanted) {
        List<Element> elements = new ArrayList<>();
        gather(element, elements);
        return elements.stream().filter(wanted);
    }

    /** The numbers in an element, as they are before they are shortened for people. */
    public static List<Double> numbers(Element element) {
        return within(element, e -> e.getTagName().equals("data")).map(e -> Double.valueOf(e.getAttribute("value"))).toList();
    }

    /** Rows of the nth table in a section, without its head. */
    public List<Element> rows(String section, int table) {
        Element found = within(byId(section), e -> e.getTagName().equals("tbody")).skip(table).findFirst().orElseThrow();
        return within(found, e -> e.getTagName().equals("tr")).toList();
    }

    public static String name(Element row) {
        return within(row, e -> e.getAttribute("class").equals("name")).findFirst().orElseThrow().getTextContent();
    }
}
