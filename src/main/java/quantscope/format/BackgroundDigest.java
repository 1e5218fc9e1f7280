package quantscope.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import quantscope.task.Cancellation;

/**
 * SHA-256 of a file, computed by a thread of its own while a reader works on the same file: for hundreds of megabytes it
 * takes as long as all the rest. That of a small file is computed when it is asked for.
 */
public final class BackgroundDigest implements AutoCloseable {

    private static final long SMALL = 1 << 20;

    private final FutureTask<String> task;
    private final Thread thread;
    private volatile boolean closed;

    private BackgroundDigest(Path file, Cancellation cancellation) {
        Objects.requireNonNull(cancellation);
        this.task = new FutureTask<>(() -> Digest.sha256(List.of(file), () -> closed || cancellation.requested()));
        this.thread = Thread.ofPlatform().name("quantscope-digest").daemon().unstarted(task);
    }

    /** Begins with the file's bytes. */
    public static BackgroundDigest start(Path file, Cancellation cancellation) throws IOException {
        BackgroundDigest digest = new BackgroundDigest(file, cancellation);
        if (Files.size(file) > SMALL) {
            digest.thread.start();
        }
        return digest;
    }

    /**
     * Waits for the end.
     *
     * @return 64 lower-case hex digits
     * @throws IOException           when the file cannot be read
     * @throws CancellationException when called off or interrupted
     */
    public String await() throws IOException {
        if (thread.getState() == Thread.State.NEW) {
            task.run();
        }
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case Error error -> throw error;
                default -> throw new IllegalStateException("a digest failed", e.getCause());
            }
        }
    }

    /** Ends it, where it is still going on: nothing reads the file behind the end of this call. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
