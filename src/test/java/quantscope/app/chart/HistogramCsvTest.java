package quantscope.app.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import quantscope.compare.HistogramPair;
import quantscope.quant.Histogram;

class HistogramCsvTest {

    @Test
    void everyBinHasALineWithItsEdges() {
        HistogramPair pair = new HistogramPair(new Histogram(0, 1, new long[] {3, 4}),
                new Histogram(0, 1, new long[] {5, 2}));
        assertEquals("""
                values,from,to,count
                fp32,0.0,0.5,3
                fp32,0.5,1.0,4
                converted,0.0,0.5,5
                converted,0.5,1.0,2
                """, HistogramCsv.of(pair));
    }

    @Test
    void levelsStandForThemselvesAndCountsAreNotScaled() {
        HistogramPair pair = new HistogramPair(new Histogram(-0.75, 0.75, new long[] {1, 2, 3, 0, 5, 6}),
                new Histogram(-0.75, 0.75, new long[] {4, 7, 6}), true);
        assertEquals("""
                values,from,to,count
                fp32,-0.75,-0.5,1
                fp32,-0.5,-0.25,2
                fp32,-0.25,0.0,3
                fp32,0.0,0.25,0
                fp32,0.25,0.5,5
                fp32,0.5,0.75,6
                converted,-0.5,-0.5,4
                converted,0.0,0.0,7
                converted,0.5,0.5,6
                """, HistogramCsv.of(pair));
    }
}
