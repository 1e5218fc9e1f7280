package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class MemoryPlanTest {

    @Test
    void aChainNeedsItsTwoLargestNeighbours() {
        MemoryPlan plan = MemoryPlan.of(List.of(new MemoryPlan.Lifetime(1000, 0, 1),
                new MemoryPlan.Lifetime(500, 1, 2), new MemoryPlan.Lifetime(900, 2, 3),
                new MemoryPlan.Lifetime(10, 3, 4)));
        assertEquals(1024 + 500, plan.size());
        assertEquals(plan.offsets()[0], plan.offsets()[2]);
    }

    @RepeatedTest(30)
    void valuesThatLiveTogetherDoNotOverlap(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<MemoryPlan.Lifetime> values = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < 40; i++) {
            int born = random.nextInt(20);
            values.add(new MemoryPlan.Lifetime(1 + random.nextInt(2000), born, born + random.nextInt(6)));
            sum += values.getLast().elements() + 64;
        }
        MemoryPlan plan = MemoryPlan.of(values);
        for (int i = 0; i < values.size(); i++) {
            assertTrue(plan.offsets()[i] + values.get(i).elements() <= plan.size());
            for (int j = 0; j < i; j++) {
                boolean apart = plan.offsets()[i] + values.get(i).elements() <= plan.offsets()[j]
                        || plan.offsets()[j] + values.get(j).elements() <= plan.offsets()[i];
                assertTrue(apart || !values.get(i).meets(values.get(j)), "values " + i + " and " + j);
            }
        }
        assertTrue(plan.size() < sum / 2, plan.size() + " of " + sum);
    }

    @Test
    void moreThanAnArrayHoldsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> MemoryPlan.of(List.of(
                new MemoryPlan.Lifetime(Integer.MAX_VALUE, 0, 1), new MemoryPlan.Lifetime(1000, 0, 1))));
    }
}
