package quantscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import quantscope.ptq.Nets;
import quantscope.ptq.Prepare;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;

class GraphSvgTest {

    private static Arrangement xnor() {
        return new ArrangeGraph().arrange(new DrawGraph(DrawGraph.TickBoxes.NONE).draw(Prepare.run(Nets.xnor(),
                Preset.FIRST_ONLY.apply(Nets.xnor(), Specification.EMPTY).specification())), true);
    }

    private static String svg(Arrangement arrangement, double top, double bottom) {
        Markup svg = new Markup().begin("svg");
        new GraphSvg(svg, arrangement).draw(top, bottom);
        return svg.end("svg").toString();
    }

    @Test
    void stubsStandAroundInt8AndEdgesTellWhatTheyCarry() {
        Arrangement graph = xnor();
        String all = svg(graph, 0, graph.height());
        assertTrue(all.contains(">QuantStub<") && all.contains(">DeQuantStub<"), all);
        assertTrue(all.contains("g-edge-int8") && all.contains("g-edge-binary"), all);
        assertEquals(graph.drawing().cards().size(), all.split("<title>").length - 1);
    }

    @Test
    void aPartHoldsWhatLiesInIt() {
        Arrangement graph = xnor();
        String first = graph.drawing().cards().keySet().iterator().next();
        Place place = graph.places().get(first);
        assertTrue(svg(graph, 0, place.bottom() + 1).contains("<title>" + first + ":"));
        assertFalse(svg(graph, place.bottom() + 1, graph.height()).contains("<title>" + first + ":"));
    }

    @Test
    void longNamesLoseTheirMiddle() {
        assertEquals("conv1", TextFit.middle("conv1", 13, 200));
        String cut = TextFit.middle("features.denseblock4.denselayer16.conv2", 13, 120);
        assertTrue(cut.startsWith("fea") && cut.endsWith("nv2") && cut.contains("…"), cut);
        assertTrue(TextFit.width(cut, 13) <= 120, cut);
        assertEquals("…", TextFit.middle("conv1", 13, 3));
    }
}
