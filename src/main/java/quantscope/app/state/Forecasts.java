package quantscope.app.state;

import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.compare.Saturation;
import quantscope.session.CalibrationRun;
import quantscope.session.Session;

/** What would saturate on a CPU without VNNI: forecast in the background for every finished run. */
public final class Forecasts {

    private final Session session;
    private final TaskRunner tasks;
    private final Texts texts = Texts.of("state");
    private final ReadOnlyObjectWrapper<Optional<Saturation>> saturation =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private Optional<TaskEntry> forecasting = Optional.empty();

    public Forecasts(Session session, TaskRunner tasks, Runs runs) {
        this.session = session;
        this.tasks = tasks;
        runs.results().runProperty().addListener((_, _, run) -> {
            forecasting.ifPresent(TaskEntry::cancel);
            saturation.set(Optional.empty());
            run.ifPresent(r -> start(r, runs));
        });
    }

    /** Of the run that is shown; empty while it is not known yet. */
    public ReadOnlyObjectProperty<Optional<Saturation>> saturationProperty() {
        return saturation.getReadOnlyProperty();
    }

    public Optional<Saturation> saturation() {
        return saturation.get();
    }

    private void start(CalibrationRun run, Runs runs) {
        forecasting = Optional.of(tasks.run(texts.text("forecast"), Unit.IMAGES,
                (progress, cancellation) -> session.saturation(run, progress, cancellation), found -> {
                    if (runs.results().run().filter(r -> r == run).isPresent()) {
                        saturation.set(Optional.of(found));
                    }
                }));
    }
}
