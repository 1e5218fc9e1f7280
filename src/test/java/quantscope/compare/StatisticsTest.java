package quantscope.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.ptq.Nets;
import quantscope.tensor.Shape;

class StatisticsTest {

    @Test
    void wilsonIntervalHasItsKnownValues() {
        assertEquals(0, Wilson.interval(0, 10).low());
        assertEquals(0.27753279, Wilson.interval(0, 10).high(), 1e-8);
        assertEquals(0.72246721, Wilson.interval(10, 10).low(), 1e-8);
        assertEquals(1, Wilson.interval(10, 10).high());
        assertEquals(0.0215436792, Wilson.interval(5, 100).low(), 1e-9);
        assertEquals(0.1117504692, Wilson.interval(5, 100).high(), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> Wilson.interval(0, 0));
    }

    @Test
    void metricsFollowTheirDefinitions() {
        ErrorSum sum = new ErrorSum();
        sum.add(new float[] {3, 4}, new float[] {3, 3});
        sum.add(new float[] {0, 0}, new float[] {0, 2});
        ErrorMetrics m = sum.metrics();
        assertEquals(10 * Math.log10(25.0 / 5), m.sqnrDb(), 1e-12);
        assertEquals(21 / (5 * Math.sqrt(22)), m.cosine(), 1e-12);
        assertEquals(1.25, m.mse());
        assertEquals(2, m.maxError());
    }

    @Test
    void equalValuesHaveInfiniteSqnr() {
        ErrorSum sum = new ErrorSum();
        sum.add(new float[] {0, 0}, new float[] {0, 0});
        assertEquals(new ErrorMetrics(Double.POSITIVE_INFINITY, 1, 0, 0), sum.metrics());
        ErrorSum lost = new ErrorSum();
        lost.add(new float[] {1, 0}, new float[] {0, 0});
        assertEquals(0, lost.metrics().cosine());
        assertEquals(0, lost.metrics().sqnrDb());
    }

    @Test
    void softmaxRanksClassesWithTiesToTheLowerIndex() {
        Answer answer = ReadAnswer.LOGITS.answer(new float[] {0f, 1f, -0f, 1f, Float.NaN, -200f, 0f});
        assertEquals(List.of(1, 3, 0, 2, 6), answer.top5());
        Answer large = ReadAnswer.LOGITS.answer(new float[] {1000f, 1000f + (float) Math.log(3)});
        assertEquals(List.of(1, 0), large.top5());
        assertEquals(0.75f, large.probabilities().getFirst(), 1e-4f);
    }

    @Test
    void outputOfASoftmaxIsTakenAsItIs() {
        Nets n = new Nets("softmax", 1, Shape.of(1, 3));
        Graph soft = n.then("softmax", new Op.Softmax(1)).then("flatten", new Op.Flatten(1)).build();
        assertEquals(ReadAnswer.PROBABILITIES, ReadAnswer.of(soft));
        assertEquals(List.of(0.7f, 0.3f), ReadAnswer.of(soft).answer(new float[] {0.3f, 0.7f}).probabilities());
        Nets m = new Nets("log", 1, Shape.of(1, 3));
        Graph log = m.then("log", new Op.LogSoftmax(1)).build();
        assertEquals(0.5f, ReadAnswer.of(log).answer(new float[] {(float) Math.log(0.5), -9})
                .probabilities().getFirst(), 1e-6f);
        assertEquals(ReadAnswer.LOGITS, ReadAnswer.of(Nets.xnor()));
    }

    @Test
    void numbersOutsideFallIntoTheEndsAndInfiniteOnesNowhere() {
        float[] x = {-9f, 0f, 9f, Float.NaN, Float.POSITIVE_INFINITY};
        long[] counts = new long[2];
        new Bins(-1, 1, 2).count(x, 0, 5, counts);
        assertArrayEquals(new long[] {1, 2}, counts);
    }
}
