package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ThreadTeamTest {

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {1, 2, 3, 8})
    void everyPartIsDoneOnceAndIsSeenByTheCaller(int members) {
        try (ThreadTeam team = new ThreadTeam(members)) {
            for (int round = 0; round < 2000; round++) {
                int parts = round % 40;
                int[] done = new int[parts];
                team.run(parts, (member, part) -> done[part] += member < members ? 1 : 100);
                for (int part = 0; part < parts; part++) {
                    assertEquals(1, done[part], "part " + part + " of " + parts);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {1, 2, 5})
    void aRangeIsCutWithoutGapsOrOverlaps(int members) {
        try (ThreadTeam team = new ThreadTeam(members)) {
            for (int count : new int[] {0, 1, 2, 7, 8, 9, 1000}) {
                AtomicIntegerArray done = new AtomicIntegerArray(count);
                team.split(count, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        done.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < count; i++) {
                    assertEquals(1, done.get(i), i + " of " + count);
                }
            }
        }
    }

    @Test
    void membersWorkAtTheSameTime() {
        try (ThreadTeam team = new ThreadTeam(3)) {
            CountDownLatch all = new CountDownLatch(3);
            Set<Integer> members = ConcurrentHashMap.newKeySet();
            team.run(3, (member, _) -> {
                members.add(member);
                all.countDown();
                await(all);
            });
            assertEquals(Set.of(0, 1, 2), members);
        }
    }

    @Test
    void aSleepingTeamWakesUp() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            CountDownLatch first = new CountDownLatch(2);
            Thread[] helper = new Thread[1];
            team.run(2, (member, _) -> {
                if (member == 1) {
                    helper[0] = Thread.currentThread();
                }
                first.countDown();
                await(first);
            });
            while (helper[0].getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            CountDownLatch second = new CountDownLatch(2);
            team.run(2, (_, _) -> {
                second.countDown();
                await(second);
            });
            assertEquals(0, second.getCount());
        }
    }

    @Test
    void aFailureReachesTheCallerAndTheTeamGoesOn() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            RuntimeException failure = new IllegalStateException("part 5");
            assertSame(failure, assertThrows(IllegalStateException.class, () -> team.run(9, (_, part) -> {
                if (part == 5) {
                    throw failure;
                }
            })));
            int[] done = new int[4];
            team.run(4, (_, part) -> done[part]++);
            Assertions.assertArrayEquals(new int[] {1, 1, 1, 1}, done);
        }
    }

    @Test
    void workInsideOfWorkIsDoneByItsCallerAlone() {
        try (ThreadTeam team = new ThreadTeam(2)) {
            Set<Thread> inner = ConcurrentHashMap.newKeySet();
            team.run(1, (_, _) -> { });
            team.run(2, (outer, _) -> {
                Thread me = Thread.currentThread();
                team.run(4, (member, _) -> {
                    assertEquals(0, member);
                    assertSame(me, Thread.currentThread());
                    inner.add(me);
                });
            });
            assertTrue(!inner.isEmpty());
        }
    }

    @Test
    void aClosedTeamsThreadsEnd() {
        ThreadTeam team = new ThreadTeam(2);
        CountDownLatch both = new CountDownLatch(2);
        Thread[] helper = new Thread[1];
        team.run(2, (member, _) -> {
            if (member == 1) {
                helper[0] = Thread.currentThread();
            }
            both.countDown();
            await(both);
        });
        team.close();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> helper[0].join());
        int[] done = new int[3];
        team.run(3, (member, part) -> done[part] += member + 1);
        Assertions.assertArrayEquals(new int[] {1, 1, 1}, done);
    }

    @Test
    void aTeamOfNobodyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ThreadTeam(0));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
