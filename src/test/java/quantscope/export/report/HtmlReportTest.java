package quantscope.export.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.LayerError;
import quantscope.compare.LayerInsight;
import quantscope.compare.LayerSaturation;
import quantscope.graph.Cost;
import quantscope.graph.Node;
import quantscope.ptq.ActivationCalibration;
import quantscope.ptq.ObserverPoint;

class HtmlReportTest {

    private static final Set<String> LOADING = Set.of("script", "link", "iframe", "object", "embed", "base", "form", "use",
            "image", "video", "audio", "source", "a", "foreignObject", "animate", "set");
    private static final Set<String> KNOWN = Set.of("html", "head", "meta", "title", "style", "body", "header", "section", "h1",
            "h2", "h3", "p", "div", "span", "small", "b", "dl", "dt", "dd", "code", "data", "table", "thead", "tbody", "tr", "th",
            "td", "svg", "g", "path", "rect", "text", "tspan", "figure", "figcaption", "img");

    private static ReportContent content;
    private static String html;
    private static ReportDom dom;

    @BeforeAll
    static void writeOnce() {
        content = ReportFixture.content();
        html = HtmlReport.write(content);
        dom = ReportDom.parse(html);
    }

    @Test
    void nothingInItRefersToAnotherPlace() {
        for (Element element : dom.all()) {
            assertFalse(LOADING.contains(element.getTagName()), element.getTagName());
            assertTrue(KNOWN.contains(element.getTagName()), element.getTagName());
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                Attr attribute = (Attr) element.getAttributes().item(i);
                assertFalse(attribute.getName().startsWith("on"), attribute.toString());
                assertFalse(Set.of("href", "xlink:href", "srcset", "action").contains(attribute.getName()), attribute.toString());
                if (attribute.getName().equals("src")) {
                    assertTrue(attribute.getValue().matches("data:image/jpeg;base64,[A-Za-z0-9+/=]+"), attribute.getValue());
                }
                if (attribute.getName().equals("style")) {
                    assertTrue(attribute.getValue().matches("width:[0-9.]+%"), attribute.getValue());
                }
            }
        }
        String css = dom.all().stream().filter(e -> e.getTagName().equals("style")).findFirst().orElseThrow().getTextContent();
        assertFalse(css.contains("url(") || css.contains("@import") || css.contains("http"), css);
        assertTrue(html.contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\""), html);
    }

    /** Raw text in HTML is not unescaped, so what an XML parser sees of it must stand in the file as it is. */
    @Test
    void browsersSeeTheStyleThatParsersSee() {
        String css = dom.all().stream().filter(e -> e.getTagName().equals("style")).findFirst().orElseThrow().getTextContent();
        assertTrue(html.contains("<style>" + css + "</style>"));
    }

    @Test
    void namesStayTextWhateverTheyHold() {
        assertTrue(dom.rows("layers", 0).stream().map(ReportDom::name).toList().contains(ReportFixture.LAYER));
        String cards = dom.byId("gallery").getTextContent();
        assertTrue(cards.contains(ReportFixture.CLASS), cards);
        assertTrue(cards.contains("0" + ReportFixture.PATH.replace('\u0000', '\uFFFD')), cards);
        assertTrue(dom.byId("setup").getTextContent().contains("model<&>.onnx"));
        assertTrue(dom.byId("setup").getTextContent().contains("b<.jpg, broken & cut"));
        assertTrue(dom.byId("setup").getTextContent().contains("a <note>"));
        assertEquals(Set.of(), dom.all().stream().map(Element::getTagName).filter(t -> !KNOWN.contains(t))
                .collect(java.util.stream.Collectors.toSet()));
    }

    @Test
    void layersHaveTheComparisonsNumbers() {
        List<Element> rows = dom.rows("layers", 0);
        List<LayerError> layers = content.comparison().layers();
        assertEquals(layers.size(), rows.size());
        for (int i = 0; i < rows.size(); i++) {
            LayerError layer = layers.get(i);
            ErrorMetrics m = layer.metrics();
            long macs = Cost.of(content.prepared().source().find(layer.layer()).orElseThrow()).macs();
            List<Double> expected = new ArrayList<>(macs > 0 ? List.of((double) macs) : List.of());
            expected.addAll(List.of(m.sqnrDb(), m.cosine(), m.mse(), m.maxError()));
            content.comparison().signFlips().stream().filter(f -> f.layer().equals(layer.layer()))
                    .forEach(f -> expected.add(f.rate()));
            assertEquals(layer.layer(), ReportDom.name(rows.get(i)));
            assertEquals(expected, ReportDom.numbers(rows.get(i)), layer.layer());
        }
        assertEquals(1, content.comparison().signFlips().size());
    }

    @Test
    void theSummaryHasTheDriftsNumbers() {
        var drift = content.comparison().drift();
        assertEquals(List.of(drift.top1Drift()), ReportDom.numbers(dom.byId("summary-drift")));
        assertEquals(List.of(1 - drift.top1Drift()), ReportDom.numbers(dom.byId("summary-agreement")));
        assertEquals(List.of(drift.convertedTop1().orElseThrow()), ReportDom.numbers(dom.byId("summary-top1")));
        String says = dom.byId("summary").getTextContent().replace('\u00a0', ' ');
        assertTrue(says.contains("2 of 3 images, 95 % confidence 33.3 % to 66.7 %"), says);
        assertTrue(says.contains("fp32 100.0 %, difference −66.7 points"), says);
        assertFalse(says.contains("Top-5"), says);
    }

    @Test
    void scalesAreTheCalibrations() {
        List<Element> rows = dom.rows("scales", 0);
        List<ObserverPoint> points = content.prepared().observers();
        assertEquals(points.size(), rows.size());
        for (int i = 0; i < rows.size(); i++) {
            ActivationCalibration found = content.calibration().activations().get(points.get(i).node());
            List<Double> numbers = ReportDom.numbers(rows.get(i));
            assertEquals((double) found.params().scale(), numbers.stream().skip(found.observedMin() == found.observedMax() ? 1 : 2)
                    .findFirst().orElseThrow(), points.get(i).node());
            assertTrue(numbers.contains((double) found.params().zeroPoint()), numbers.toString());
            assertTrue(numbers.contains((double) found.observedMax()), numbers.toString());
        }
        List<LayerInsight> weighted = content.insights().stream().filter(i -> i.weight().isPresent()).toList();
        List<Element> weights = dom.rows("scales", 1);
        assertEquals(weighted.size(), weights.size());
        for (int i = 0; i < weights.size(); i++) {
            List<Double> numbers = ReportDom.numbers(weights.get(i));
            assertTrue(numbers.contains(weighted.get(i).weight().orElseThrow().metrics().sqnrDb()), numbers.toString());
            assertTrue(numbers.contains((double) weighted.get(i).weight().orElseThrow().params().scale(0))
                    || numbers.getFirst() < weighted.get(i).weight().orElseThrow().params().scale(0), numbers.toString());
        }
    }

    @Test
    void saturationIsTheForecasts() {
        List<LayerSaturation> layers = content.saturation().orElseThrow().layers();
        List<Element> rows = dom.rows("saturation", 0);
        assertFalse(layers.isEmpty());
        for (int i = 0; i < rows.size(); i++) {
            LayerSaturation l = layers.get(i);
            assertEquals(List.of((double) l.dotProducts(), l.saturatingShare(), l.movedShare(), (double) l.largestMove()),
                    ReportDom.numbers(rows.get(i)));
        }
    }

    @Test
    void everyInt8LayerHasItsHistograms() {
        List<Element> figures = ReportDom.within(dom.byId("histograms"), e -> e.getTagName().equals("figure")).toList();
        long weights = content.insights().stream().filter(i -> i.weight().isPresent()).count();
        assertEquals(2L * content.insights().size() + weights, figures.size());
        assertEquals(content.prepared().int8Layers(), content.insights().stream().map(LayerInsight::layer).toList());
    }

    @Test
    void everyNodeIsOnceInTheGraph() {
        List<String> titles = ReportDom.within(dom.byId("graph"), e -> e.getTagName().equals("title"))
                .map(e -> e.getTextContent().replaceAll("(?s): [^:]*$", "")).toList();
        assertEquals(content.prepared().graph().nodes().stream().map(Node::name).sorted().toList(),
                titles.stream().sorted().toList());
    }

    @Test
    void changedAnswersAreShownWithPictures() {
        List<Element> cards = cards(dom);
        assertEquals(2, cards.size());
        assertEquals(List.of(0.75, 0.625), ReportDom.numbers(cards.getFirst()));
        assertEquals(1, ReportDom.within(cards.getFirst(), e -> e.getTagName().equals("img")).count());
        assertTrue(cards.getLast().getTextContent().contains("not readable"));
        assertEquals("card became-wrong", cards.getFirst().getAttribute("class"));
    }

    @Test
    void manyChangedAnswersAreCountedAndAFewShown() {
        ReportContent many = ReportFixture.with(content, ReportFixture.drifting(60));
        ReportDom all = ReportDom.parse(HtmlReport.write(many));
        assertEquals(Gallery.MOST, cards(all).size());
        assertTrue(all.byId("gallery").getTextContent().contains("60 of 61 images; the first 48 are shown"));
        assertEquals(IntStream.range(0, Gallery.MOST).mapToObj(ReportFixture::path).toList(),
                Gallery.pictured(many.comparison()));
        ReportDom none = ReportDom.parse(HtmlReport.write(ReportFixture.with(content, ReportFixture.drifting(0))));
        assertTrue(none.byId("gallery").getTextContent().contains("None: fp32 and the converted network agree on one image."));
    }

    private static List<Element> cards(ReportDom of) {
        return ReportDom.within(of.byId("gallery"), e -> e.getAttribute("class").startsWith("card ")).toList();
    }

    @Test
    void theSameContentGivesTheSameFileButForTheDate() {
        assertEquals(html, HtmlReport.write(ReportFixture.content()));
        String later = HtmlReport.write(ReportFixture.content(ReportFixture.MADE.plusDays(1)));
        assertNotEquals(html, later);
        assertEquals(html, later.replace("5 March 2026", "4 March 2026").replace("2026-03-05T", "2026-03-04T"));
    }
}
