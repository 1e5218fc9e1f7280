package quantscope.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Opens inputs one after the other on a thread of its own and watches over time and memory. */
final class Trials implements AutoCloseable {

    private static final int LONGEST_MESSAGE = 2000;
    private static final long HANGS_AFTER_SECONDS = 30;

    private final Path folder;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).findFirst().orElseThrow();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("fuzz").daemon().factory());
    private volatile Thread running = Thread.currentThread();

    /**
     * What became of an input.
     *
     * @param opened    else it was refused, if nothing is wrong
     * @param message   of the refusal; empty where it was opened
     * @param wrong     what must not be
     * @param seconds   of the thread's processor time
     * @param allocated bytes in all, those freed again included
     */
    record Outcome(boolean opened, String message, Optional<String> wrong, double seconds, long allocated) { }

    private record Result(Optional<Throwable> thrown, double seconds, long allocated) { }

    /** @param folder an empty one; files are opened in a folder in it */
    Trials(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("models"));
        Files.write(folder.resolve("secret.bin"), new byte[4096]);
        Files.createSymbolicLink(this.folder.resolve("link.bin"), folder.resolve("secret.bin"));
        Files.createSymbolicLink(this.folder.resolve("linked"), folder);
    }

    /** @throws IllegalStateException when an input hangs: its thread goes on, nothing can be measured any more */
    Outcome run(Kind kind, Input input) throws IOException {
        Path file = Files.write(folder.resolve("hostile" + kind.suffix()), input.bytes());
        for (Map.Entry<String, byte[]> beside : input.beside().entrySet()) {
            Files.write(folder.resolve(beside.getKey()), beside.getValue());
        }
        Future<Result> future = worker.submit(() -> open(kind, file));
        try {
            return judged(file, result(future));
        } catch (TimeoutException e) {
            throw new IllegalStateException("it hangs at\n" + Arrays.stream(running.getStackTrace()).limit(30)
                    .map(frame -> "    " + frame).collect(Collectors.joining("\n")), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the trial itself failed", e);
        }
    }

    /** Twice, for a machine that was stopped for a while is no program that hangs. */
    private static Result result(Future<Result> future) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return future.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return future.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Result open(Kind kind, Path file) {
        running = Thread.currentThread();
        long memory = threads.getCurrentThreadAllocatedBytes();
        long outside = direct.getMemoryUsed();
        long started = threads.getCurrentThreadCpuTime();
        Optional<Throwable> thrown = thrown(kind, file);
        return new Result(thrown, (threads.getCurrentThreadCpuTime() - started) / 1e9,
                threads.getCurrentThreadAllocatedBytes() - memory + Math.max(0, direct.getMemoryUsed() - outside));
    }

    private static Optional<Throwable> thrown(Kind kind, Path file) {
        try {
            kind.opening().open(file);
            return Optional.empty();
        } catch (Throwable e) {
            // Whatever it is: that it must not be is what this is for.
            return Optional.of(e);
        }
    }

    private static Outcome judged(Path file, Result result) {
        String message = result.thrown().map(e -> String.valueOf(e.getMessage())).orElse("");
        Optional<String> wrong = result.thrown().flatMap(e -> {
            if (!(e instanceof Kind.Refusal) && !(e instanceof IOException)) {
                return Optional.of("it throws " + stack(e));
            }
            if (!message.contains(file.getFileName().toString())) {
                return Optional.of("its refusal does not name the file: " + stack(e));
            }
            return message.length() <= LONGEST_MESSAGE && message.chars().noneMatch(Character::isISOControl)
                    ? Optional.empty() : Optional.of("its refusal is illegible: " + stack(e));
        });
        return new Outcome(result.thrown().isEmpty(), message, wrong, result.seconds(), result.allocated());
    }

    private static String stack(Throwable e) {
        return e + "\n" + Arrays.stream(e.getStackTrace()).limit(12).map(frame -> "    " + frame)
                .collect(Collectors.joining("\n")) + (e.getCause() == null ? "" : "\n  by " + stack(e.getCause()));
    }

    @Override
    public void close() {
        worker.shutdown();
    }
}
