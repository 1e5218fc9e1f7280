package quantscope.app.state;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.compare.Comparison;
import quantscope.compare.LayerInsight;
import quantscope.session.CalibrationRun;
import quantscope.session.Job;

/** What the last calibration and comparison found. It stays until the next one, and is stale once a choice changes. */
public final class Results {

    private final ReadOnlyObjectWrapper<Optional<CalibrationRun>> run = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Comparison>> comparison =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<LayerInsight>> insight =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyBooleanWrapper stale = new ReadOnlyBooleanWrapper();
    private final Map<String, LayerInsight> insights = new HashMap<>();

    public ReadOnlyObjectProperty<Optional<CalibrationRun>> runProperty() {
        return run.getReadOnlyProperty();
    }

    public Optional<CalibrationRun> run() {
        return run.get();
    }

    public ReadOnlyObjectProperty<Optional<Comparison>> comparisonProperty() {
        return comparison.getReadOnlyProperty();
    }

    public Optional<Comparison> comparison() {
        return comparison.get();
    }

    /** Of the selected layer; empty while it is not known yet. */
    public ReadOnlyObjectProperty<Optional<LayerInsight>> insightProperty() {
        return insight.getReadOnlyProperty();
    }

    public Optional<LayerInsight> insight() {
        return insight.get();
    }

    /** Whether the results belong to other choices than those on the screen. */
    public ReadOnlyBooleanProperty staleProperty() {
        return stale.getReadOnlyProperty();
    }

    public boolean stale() {
        return stale.get();
    }

    void publish(CalibrationRun newRun, Comparison newComparison, Optional<LayerInsight> newInsight) {
        insights.clear();
        newInsight.ifPresent(i -> insights.put(i.layer(), i));
        stale.set(false);
        insight.set(newInsight);
        run.set(Optional.of(newRun));
        comparison.set(Optional.of(newComparison));
    }

    void clear() {
        insights.clear();
        insight.set(Optional.empty());
        comparison.set(Optional.empty());
        run.set(Optional.empty());
        stale.set(false);
    }

    /** Keeps an insight if it belongs to the run that is shown. */
    void keep(CalibrationRun of, LayerInsight found) {
        if (run().filter(r -> r == of).isPresent()) {
            insights.put(found.layer(), found);
        }
    }

    Optional<LayerInsight> known(String layer) {
        return Optional.ofNullable(insights.get(layer));
    }

    void showInsight(Optional<LayerInsight> shown) {
        insight.set(shown);
    }

    /** @param now what would be run now; empty when nothing could be */
    void judge(Optional<Job> now) {
        stale.set(run().isPresent() && !now.equals(run().map(CalibrationRun::job)));
    }
}
