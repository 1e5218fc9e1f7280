package quantscope.export.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.figure.ArrangeGraph;
import quantscope.figure.Arrangement;
import quantscope.figure.DrawGraph;
import quantscope.graph.Op;
import quantscope.ptq.Nets;
import quantscope.ptq.Prepare;
import quantscope.ptq.Specification;

class GraphPagesTest {

    private static Arrangement chain(int layers) {
        Nets net = Nets.image("chain");
        for (int i = 0; i < layers; i++) {
            net.then("relu" + i, new Op.Relu());
        }
        return new ArrangeGraph().arrange(new DrawGraph(DrawGraph.TickBoxes.NONE)
                .draw(Prepare.run(net.build(), Specification.EMPTY)), true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 25, 60, 200})
    void columnsHoldTheWholeGraphAndFitTheirPages(int layers) {
        Arrangement graph = chain(layers);
        GraphPages pages = GraphPages.of(graph);
        List<GraphPages.Column> columns = pages.pages().stream().flatMap(List::stream).toList();
        double at = 0;
        for (GraphPages.Column column : columns) {
            assertEquals(at, column.top());
            assertTrue((column.bottom() - column.top()) * pages.scale() <= GraphPages.PAGE_HEIGHT + 1e-6, column.toString());
            at = column.bottom();
            double cut = at;
            assertTrue(graph.places().values().stream().noneMatch(p -> p.y() < cut && p.bottom() > cut), "cut at " + cut);
        }
        assertEquals(graph.height(), at);
        pages.pages().forEach(page -> assertTrue(page.size() * graph.width() * pages.scale() <= GraphPages.PAGE_WIDTH,
                page.size() + " columns"));
    }

    @Test
    void aShortGraphIsOnePicture() {
        GraphPages pages = GraphPages.of(chain(12));
        assertEquals(1, pages.scale());
        assertEquals(1, pages.pages().size());
        assertEquals(1, pages.pages().getFirst().size());
    }
}
