package quantscope.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import quantscope.kernel.Team;

/**
 * Threads that wait for parts of work: for a millisecond awake, since a network's layers follow one another closely, then
 * asleep. Work that comes while a team is busy is done by its caller alone.
 */
public final class ThreadTeam implements Team, AutoCloseable {

    /** What one member computes alone between two layers takes no longer; waking up a thread that sleeps costs a tenth of it. */
    private static final long AWAKE_NANOS = 1_000_000;

    /** A few microseconds. */
    private static final int SPINS = 64;

    private final Thread[] helpers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Job job;
    private volatile boolean closed;

    /** @throws IllegalArgumentException for less than one member */
    public ThreadTeam(int members) {
        if (members < 1) {
            throw new IllegalArgumentException(members + " members, expected at least 1");
        }
        helpers = new Thread[members - 1];
        for (int i = 0; i < helpers.length; i++) {
            int member = i + 1;
            helpers[i] = Thread.ofPlatform().name("quantscope-team-" + member).daemon().unstarted(() -> help(member));
        }
    }

    @Override
    public int members() {
        return helpers.length + 1;
    }

    @Override
    public void run(int parts, Part work) {
        if (parts < 2 || helpers.length == 0 || closed || !busy.compareAndSet(false, true)) {
            ALONE.run(parts, work);
            return;
        }
        Job mine = new Job(parts, work, Thread.currentThread());
        try {
            job = mine;
            for (Thread helper : helpers) {
                if (helper.getState() == Thread.State.NEW) {
                    helper.start();
                } else {
                    LockSupport.unpark(helper);
                }
            }
            mine.help(0);
            mine.awaitEnd();
        } finally {
            job = null;
            busy.set(false);
        }
        mine.rethrow();
    }

    private void help(int member) {
        Job last = null;
        while (!closed) {
            long asleep = System.nanoTime() + AWAKE_NANOS;
            Job next = job;
            int turn = 0;
            while ((next == null || next == last) && !closed) {
                if (System.nanoTime() < asleep) {
                    stayAwake(++turn);
                } else {
                    // What the last job held must not outlive it.
                    last = null;
                    LockSupport.park(this);
                }
                next = job;
            }
            if (next != null && !closed) {
                next.help(member);
                last = next;
            }
        }
    }

    /** Lets go of the CPU now and then: whom this thread waits for may be waiting for the same one. */
    private static void stayAwake(int turn) {
        if (turn % SPINS == 0) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /** Ends the threads; whoever has the team goes on alone. */
    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }

    /** One call's work. */
    private static final class Job {

        private final int parts;
        private final Part work;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int parts, Part work, Thread caller) {
            this.parts = parts;
            this.work = work;
            this.caller = caller;
        }

        void help(int member) {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        work.run(member, part);
                    }
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    if (done.incrementAndGet() == parts && member != 0) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        void awaitEnd() {
            long asleep = System.nanoTime() + AWAKE_NANOS;
            boolean interrupted = false;
            int turn = 0;
            while (done.get() < parts) {
                if (System.nanoTime() < asleep) {
                    stayAwake(++turn);
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            }
            if (interrupted) {
                caller.interrupt();
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> { }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }
}
