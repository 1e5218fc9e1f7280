package quantscope.app.state;

import java.nio.file.Path;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.compare.Comparison;
import quantscope.compare.LayerInsight;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.ptq.Prepared;
import quantscope.session.CalibrationRun;
import quantscope.session.Job;
import quantscope.session.OpenModel;
import quantscope.session.SelfCheck;
import quantscope.session.Session;

/**
 * Calibration, comparison, inspection and self-check of what the workspace holds. Results of a run are published
 * together or not at all; they stay, marked stale, when choices change.
 */
public final class Runs {

    private final Session session;
    private final TaskRunner tasks;
    private final Workspace workspace;
    private final Texts texts;
    private final Results results = new Results();
    private final ReadOnlyObjectWrapper<Optional<SelfCheck>> selfCheck = empty();
    private final ReadOnlyObjectWrapper<Optional<TaskEntry>> calibrating = empty();
    private final ReadOnlyObjectWrapper<Optional<TaskEntry>> inspecting = empty();
    private final ReadOnlyObjectWrapper<Optional<TaskEntry>> checking = empty();
    private final ReadOnlyObjectWrapper<Readiness> readiness = new ReadOnlyObjectWrapper<>(Readiness.NO_MODEL);

    public Runs(Session session, TaskRunner tasks, Workspace workspace) {
        this.session = session;
        this.tasks = tasks;
        this.workspace = workspace;
        this.texts = Texts.of("state");
        workspace.modelProperty().addListener((_, _, _) -> forget());
        workspace.preparedProperty().addListener((_, _, _) -> judge());
        workspace.imagesProperty().addListener((_, _, _) -> judge());
        workspace.imageSelectionProperty().addListener((_, _, _) -> judge());
        workspace.preprocessingProperty().addListener((_, _, _) -> judge());
        workspace.preprocessingTypedProperty().addListener((_, _, _) -> judge());
        workspace.history().currentProperty().addListener((_, _, _) -> judge());
        workspace.selectedLayerProperty().addListener((_, _, _) -> showInsight());
        judge();
    }

    public Results results() {
        return results;
    }

    public ReadOnlyObjectProperty<Optional<SelfCheck>> selfCheckProperty() {
        return selfCheck.getReadOnlyProperty();
    }

    public Optional<SelfCheck> selfCheck() {
        return selfCheck.get();
    }

    /** The calibration under way. */
    public ReadOnlyObjectProperty<Optional<TaskEntry>> calibratingProperty() {
        return calibrating.getReadOnlyProperty();
    }

    /** The inspection of the selected layer under way. */
    public ReadOnlyObjectProperty<Optional<TaskEntry>> inspectingProperty() {
        return inspecting.getReadOnlyProperty();
    }

    /** The self-check under way. */
    public ReadOnlyObjectProperty<Optional<TaskEntry>> checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    /** Whether a calibration can start now. */
    public ReadOnlyObjectProperty<Readiness> readinessProperty() {
        return readiness.getReadOnlyProperty();
    }

    public Readiness readiness() {
        return readiness.get();
    }

    /** One click: calibrate, compare, look into the selected layer; all or nothing. */
    public void calibrateAndCompare() {
        if (readiness() != Readiness.READY) {
            return;
        }
        Job job = workspace.job().orElseThrow();
        Optional<String> layer = workspace.prepared().flatMap(this::inspectable);
        hold(calibrating, tasks.run(texts.text("calibrate"), Unit.IMAGES, (progress, cancellation) -> {
            CalibrationRun run = session.calibrate(job, progress, cancellation);
            Comparison comparison = session.compare(run, progress, cancellation);
            Optional<LayerInsight> insight = layer.map(l -> session.inspect(run, l, progress, cancellation));
            return new Finished(run, comparison, insight);
        }, this::publish));
    }

    /** Asked where a configuration was made for another model than the open one. */
    @FunctionalInterface
    public interface OtherModel {
        boolean takeOver(Configuration made, OpenModel open);
    }

    /**
     * Opens a configuration: its choices, and where images are open its numbers too, compared again without
     * calibrating; all or nothing.
     *
     * @param otherModel decides on the window's thread
     */
    public void openConfiguration(Path file, OtherModel otherModel) {
        String title = texts.text("configuration", file.getFileName());
        Optional<OpenModel> model = workspace.model();
        if (model.isEmpty()) {
            tasks.report(new Problem(title, texts.text("configuration.noModel"), true));
            return;
        }
        tasks.run(title, Unit.STEPS, (_, _) -> ConfigurationJson.load(file), configuration -> {
            boolean wanted = configuration.modelSha256().equals(model.get().model().sha256())
                    || otherModel.takeOver(configuration, model.get());
            if (wanted && isOpen(model.get())) {
                restore(title, model.get(), configuration);
            }
        });
    }

    private void restore(String title, OpenModel model, Configuration configuration) {
        Optional<ImageSet> images = workspace.images();
        calibrating.get().ifPresent(TaskEntry::cancel);
        hold(calibrating, tasks.run(title, Unit.IMAGES, (progress, cancellation) -> {
            CalibrationRun run = session.restore(model, configuration, images.orElseGet(() ->
                    ImageSet.none(Path.of(configuration.imagesFolder()))), configuration.preprocessing());
            return images.isEmpty() ? Optional.<Finished>empty() : Optional.of(new Finished(run,
                    session.compare(run, progress, cancellation), Optional.empty()));
        }, finished -> {
            if (isOpen(model)) {
                workspace.takeOver(title, configuration);
                finished.ifPresent(this::publish);
            }
        }));
    }

    private boolean isOpen(OpenModel model) {
        return workspace.model().filter(m -> m == model).isPresent();
    }

    private record Finished(CalibrationRun run, Comparison comparison, Optional<LayerInsight> insight) { }

    private void publish(Finished finished) {
        if (!isOpen(finished.run().job().model())) {
            return;
        }
        results.publish(finished.run(), finished.comparison(), finished.insight());
        judge();
        showInsight();
        if (selfCheck().isEmpty()) {
            startSelfCheck();
        }
    }

    /** Shows what is known of the selected layer, or looks into it first. */
    private void showInsight() {
        inspecting.get().ifPresent(TaskEntry::cancel);
        Optional<CalibrationRun> run = results.run();
        Optional<String> layer = run.map(CalibrationRun::prepared).flatMap(this::inspectable);
        Optional<LayerInsight> known = layer.flatMap(results::known);
        results.showInsight(known);
        if (known.isEmpty() && layer.isPresent()) {
            inspect(layer.get(), run.orElseThrow());
        }
    }

    private void inspect(String layer, CalibrationRun run) {
        hold(inspecting, tasks.run(texts.text("inspect", layer), Unit.IMAGES,
                (progress, cancellation) -> session.inspect(run, layer, progress, cancellation), found -> {
                    results.keep(run, found);
                    results.showInsight(inspectable(run.prepared()).flatMap(results::known));
                }));
    }

    /** A fused layer is looked at where it was fused to; a stub has nothing inside. */
    private Optional<String> inspectable(Prepared in) {
        return workspace.selectedLayer().map(layer -> in.fusedInto().getOrDefault(layer, layer))
                .filter(layer -> in.precisions().containsKey(layer));
    }

    /** The engine against ND4J on a few images. */
    public void startSelfCheck() {
        workspace.job().filter(_ -> readiness() != Readiness.UNSUPPORTED && checking.get().isEmpty())
                .ifPresent(job -> hold(checking, tasks.run(texts.text("selfCheck"), Unit.STEPS,
                        (progress, cancellation) -> session.selfCheck(job, progress, cancellation), found -> {
                            if (isOpen(job.model())) {
                                selfCheck.set(Optional.of(found));
                            }
                        })));
    }

    /** Keeps an entry in its slot as long as it runs. */
    private void hold(ReadOnlyObjectWrapper<Optional<TaskEntry>> slot, TaskEntry entry) {
        if (entry.endedProperty().get()) {
            return;
        }
        slot.set(Optional.of(entry));
        entry.endedProperty().addListener((_, _, _) -> {
            if (slot.get().filter(e -> e == entry).isPresent()) {
                slot.set(Optional.empty());
                judge();
            }
        });
        judge();
    }

    private void forget() {
        calibrating.get().ifPresent(TaskEntry::cancel);
        inspecting.get().ifPresent(TaskEntry::cancel);
        checking.get().ifPresent(TaskEntry::cancel);
        results.clear();
        selfCheck.set(Optional.empty());
        judge();
    }

    private void judge() {
        results.judge(workspace.job());
        readiness.set(judged());
    }

    private Readiness judged() {
        if (workspace.model().isEmpty()) {
            return Readiness.NO_MODEL;
        }
        if (!workspace.model().get().model().graph().unsupported().isEmpty()) {
            return Readiness.UNSUPPORTED;
        }
        if (workspace.images().isEmpty()) {
            return Readiness.NO_IMAGES;
        }
        if (calibrating.get().isPresent()) {
            return Readiness.BUSY;
        }
        if (!workspace.preprocessingTypedProperty().get()) {
            return Readiness.INVALID_PREPROCESSING;
        }
        return workspace.specification().layers().values().stream().allMatch(c -> c.precision().isEmpty())
                ? Readiness.NOTHING_CHOSEN : Readiness.READY;
    }

    private static <T> ReadOnlyObjectWrapper<Optional<T>> empty() {
        return new ReadOnlyObjectWrapper<>(Optional.empty());
    }
}
