package quantscope.app.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javafx.application.Platform;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import quantscope.dataset.DatasetException;
import quantscope.export.ConfigurationException;
import quantscope.format.ModelFormatException;
import quantscope.graph.InvalidGraphException;
import quantscope.ptq.InvalidSpecificationException;
import quantscope.run.UnsupportedOperatorException;
import quantscope.task.Progress;

/**
 * Runs work away from the window's thread and brings results back to it: the only class that crosses threads.
 * Listed tasks run one after the other; quiet ones (layout, thumbnails, saving) run beside them.
 * A task that fails or is cancelled publishes nothing.
 */
public final class TaskRunner {

    private static final Logger LOG = System.getLogger(TaskRunner.class.getName());

    private final Executor worker;
    private final Executor quiet;
    private final Executor ui;
    private final LongSupplier nanoTime;
    private final Consumer<Problem> problems;
    private final ObservableList<TaskEntry> tasks = FXCollections.observableArrayList();

    private TaskRunner(Executor worker, Executor quiet, Executor ui, LongSupplier nanoTime,
                       Consumer<Problem> problems) {
        this.worker = worker;
        this.quiet = quiet;
        this.ui = ui;
        this.nanoTime = nanoTime;
        this.problems = problems;
    }

    /** Background threads that do not keep the program alive; results on the JavaFX thread. */
    public static TaskRunner forWindow(Consumer<Problem> problems) {
        ExecutorService worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("quantscope-task").factory());
        ExecutorService quiet = Executors.newFixedThreadPool(2,
                Thread.ofPlatform().daemon().name("quantscope-quiet-", 1).factory());
        return new TaskRunner(worker, quiet, Platform::runLater, System::nanoTime, problems);
    }

    /** Everything at once in the calling thread: for tests of view models. */
    public static TaskRunner sameThread(Consumer<Problem> problems) {
        return new TaskRunner(Runnable::run, Runnable::run, Runnable::run, System::nanoTime, problems);
    }

    /** Waiting and running tasks, oldest first. */
    public ObservableList<TaskEntry> tasks() {
        return FXCollections.unmodifiableObservableList(tasks);
    }

    /** Runs a listed task; {@code done} gets its result in the window's thread unless it failed or was cancelled. */
    public <T> TaskEntry run(String title, Unit unit, Work<T> work, Consumer<? super T> done) {
        TaskEntry entry = new TaskEntry(title, unit);
        tasks.add(entry);
        worker.execute(() -> {
            Outcome<T> outcome = attempt(title, work, new Meter(entry), entry);
            ui.execute(() -> finish(entry, outcome, done));
        });
        return entry;
    }

    /** Runs something short that needs no entry in the list. */
    public <T> TaskEntry quietly(String title, Work<T> work, Consumer<? super T> done) {
        TaskEntry entry = new TaskEntry(title, Unit.STEPS);
        quiet.execute(() -> {
            Outcome<T> outcome = attempt(title, work, Progress.NONE, entry);
            ui.execute(() -> finish(entry, outcome, done));
        });
        return entry;
    }

    /** Shows a problem that arose in the window's own thread. */
    public void report(Problem problem) {
        problems.accept(problem);
    }

    private sealed interface Outcome<T> {
        record Result<T>(T value) implements Outcome<T> { }

        record Failure<T>(Problem problem) implements Outcome<T> { }

        record CalledOff<T>() implements Outcome<T> { }
    }

    private <T> Outcome<T> attempt(String title, Work<T> work, Progress progress, TaskEntry entry) {
        try {
            entry.cancellation().check();
            return new Outcome.Result<>(work.run(progress, entry.cancellation()));
        } catch (CancellationException e) {
            return new Outcome.CalledOff<>();
        } catch (ModelFormatException | ConfigurationException | IOException | UncheckedIOException
                 | DatasetException | UnsupportedOperatorException | InvalidGraphException
                 | InvalidSpecificationException e) {
            LOG.log(Level.INFO, title, e);
            return new Outcome.Failure<>(new Problem(title, message(e), true));
        } catch (Exception e) {
            LOG.log(Level.ERROR, title, e);
            return new Outcome.Failure<>(new Problem(title, message(e), false));
        }
    }

    /** Some exceptions of the library say only a file's name; their class then says what happened to it. */
    private static String message(Exception e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        boolean bare = text.isEmpty() || e instanceof java.nio.file.FileSystemException f && f.getReason() == null;
        return bare ? e.getClass().getSimpleName() + ": " + text : text;
    }

    private <T> void finish(TaskEntry entry, Outcome<T> outcome, Consumer<? super T> done) {
        tasks.remove(entry);
        try {
            switch (outcome) {
                case Outcome.Result<T>(T value) when !entry.cancelRequested() -> done.accept(value);
                case Outcome.Result<T> _, Outcome.CalledOff<T> _ -> { }
                case Outcome.Failure<T>(Problem problem) -> problems.accept(problem);
            }
        } finally {
            entry.end();
        }
    }

    /** Measures speed and hands at most one update at a time to the window, so that it is never flooded. */
    private final class Meter implements Progress {

        private final TaskEntry entry;
        private final AtomicReference<TaskEntry.State> waiting = new AtomicReference<>();
        private String step = "";
        private long stepStart;
        private long stepFirst;

        Meter(TaskEntry entry) {
            this.entry = entry;
        }

        @Override
        public void update(long done, long total, String what) {
            TaskEntry.State state = measure(done, total, what);
            if (waiting.getAndSet(state) == null) {
                ui.execute(() -> entry.show(waiting.getAndSet(null)));
            }
        }

        private synchronized TaskEntry.State measure(long done, long total, String what) {
            long now = nanoTime.getAsLong();
            if (!what.equals(step)) {
                step = what;
                stepStart = now;
                stepFirst = done;
            }
            double seconds = (now - stepStart) / 1e9;
            double perSecond = seconds > 0.2 ? (done - stepFirst) / seconds : 0;
            double remaining = perSecond > 0 && total > 0 ? (total - done) / perSecond : -1;
            return new TaskEntry.State(done, total, what, perSecond, remaining);
        }
    }
}
