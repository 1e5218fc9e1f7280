package quantscope.run;

import java.util.ArrayDeque;
import java.util.HashMap;
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
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Runs images on threads of its own, one image a thread, and hands results to the consumer on the caller's thread in
 * order. At most two images a thread are under way or waiting for the consumer, so tapped values cannot pile up.
 */
public final class ParallelImageRunner implements ImageRunner {

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
        Queue<Future<ImageResult>> ahead = new ArrayDeque<>();
        // Closing the pool waits for images under way: nothing of the run goes on behind its end.
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count)),
                Thread.ofPlatform().name("quantscope-image-", 1).daemon().factory())) {
            try {
                for (int next = 0, done = 0; done < count; done++) {
                    while (next < count && ahead.size() < 2 * threads) {
                        int index = next++;
                        ahead.add(pool.submit(() -> one(executable, inputs, index, taps, idle, stop)));
                    }
                    ImageResult result = ahead.remove().get();
                    cancellation.check();
                    consumer.accept(result);
                    progress.update(done + 1, count, "Running");
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

    private static ImageResult one(Executable executable, ImageInputs inputs, int index, Set<String> taps,
                                   Queue<Worker> idle, Cancellation stop) {
        stop.check();
        FloatTensor image = inputs.input(index);
        Worker free = idle.poll();
        Worker worker = free == null ? executable.newWorker() : free;
        Map<String, Value> taken = new HashMap<>();
        FloatTensor output = worker.run(image, new Tap() {
            @Override
            public boolean wants(String node) {
                stop.check();
                return taps.contains(node);
            }

            @Override
            public void take(String node, Value value) {
                taken.put(node, value);
            }
        });
        idle.add(worker);
        return new ImageResult(index, output, Map.copyOf(taken));
    }

    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException r -> r;
            case Error error -> throw error;
            default -> new IllegalStateException("an image failed", e.getCause());
        };
    }
}
