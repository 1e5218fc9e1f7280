package quantscope.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import quantscope.kernel.Team;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Runs images on threads of its own, some images a thread where that is faster, and hands results to the consumer on the caller's thread in
 * order. At most two shares a thread are under way or waiting for the consumer, so tapped values cannot pile up.
 */
public final class ParallelImageRunner implements ImageRunner {

    /** Enough for linear layers to be bound by arithmetic instead of by memory. */
    private static final int MOST_IMAGES = 16;
    /** Fewer where their values are kept for the consumer. */
    private static final int MOST_TAPPED_IMAGES = 4;
    /** Of activations for each thread. */
    private static final long BYTES = 128L << 20;

    private final int threads;

    /** @throws IllegalArgumentException for less than one thread */
    public ParallelImageRunner(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads, expected at least 1");
        }
        this.threads = threads;
    }

    /** One thread for each processor. */
    public static ParallelImageRunner onAllCores() {
        return new ParallelImageRunner(Runtime.getRuntime().availableProcessors());
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public void run(Executable executable, ImageInputs inputs, int count, Set<String> taps,
                    Consumer<ImageResult> consumer, Progress progress, Cancellation cancellation) {
        cancellation.check();
        AtomicBoolean stopped = new AtomicBoolean();
        Cancellation stop = () -> stopped.get() || cancellation.requested();
        Queue<Worker> idle = new ConcurrentLinkedQueue<>();
        Queue<Future<List<ImageResult>>> ahead = new ArrayDeque<>();
        int share = share(executable, count, taps);
        // Several images have a thread each; of a single one, the layers are shared.
        // Closing the pool waits for images under way: nothing of the run goes on behind its end.
        try (ThreadTeam team = new ThreadTeam(count == 1 ? threads : 1);
                ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count)),
                        Thread.ofPlatform().name("quantscope-image-", 1).daemon().factory())) {
            try {
                for (int next = 0, done = 0; done < count;) {
                    while (next < count && ahead.size() < 2 * threads) {
                        int from = next;
                        int to = Math.min(count, from + share);
                        next = to;
                        ahead.add(pool.submit(() -> some(executable, inputs, from, to, share, team, taps, idle, stop)));
                    }
                    for (ImageResult result : ahead.remove().get()) {
                        cancellation.check();
                        consumer.accept(result);
                        progress.update(++done, count, "Running");
                    }
                }
            } catch (ExecutionException e) {
                throw failure(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            } finally {
                stopped.set(true);
            }
        }
    }

    /** How many images a thread takes at a time. */
    private int share(Executable executable, int count, Set<String> taps) {
        if (!executable.gainsFromImages()) {
            return 1;
        }
        int most = taps.isEmpty() ? MOST_IMAGES : MOST_TAPPED_IMAGES;
        long room = Math.max(1, BYTES / Math.max(1, executable.activationBytes()));
        int each = (count + threads - 1) / threads;
        return (int) Math.min(Math.min(most, room), Math.max(1, each));
    }

    private static List<ImageResult> some(Executable executable, ImageInputs inputs, int from, int to, int share,
                                          Team team, Set<String> taps, Queue<Worker> idle, Cancellation stop) {
        List<FloatTensor> images = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        for (int i = from; i < to; i++) {
            stop.check();
            images.add(inputs.input(i));
            taken.add(new Taken(taps, stop, new HashMap<>()));
        }
        Worker free = idle.poll();
        Worker worker = free == null ? executable.newWorker(share, team) : free;
        List<FloatTensor> outputs = worker.run(images, taken);
        idle.add(worker);
        return IntStream.range(from, to).mapToObj(i -> new ImageResult(i, outputs.get(i - from),
                Map.copyOf(taken.get(i - from).values()))).toList();
    }

    /** Keeps what was asked for; being asked for every node, it also ends a run that was called off. */
    private record Taken(Set<String> taps, Cancellation stop, Map<String, Value> values) implements Tap {

        @Override
        public boolean wants(String node) {
            stop.check();
            return taps.contains(node);
        }

        @Override
        public void take(String node, Value value) {
            values.put(node, value);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> new IllegalStateException("an image failed", e.getCause());
        };
    }
}
