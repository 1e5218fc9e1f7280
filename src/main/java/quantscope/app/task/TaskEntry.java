package quantscope.app.task;

import java.util.concurrent.atomic.AtomicBoolean;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.task.Cancellation;

/** One running task as the window shows it. All but {@link #cancel} belongs to the window's thread. */
public final class TaskEntry {

    /**
     * How far a task is.
     *
     * @param done      units finished
     * @param total     units in all, 0 while unknown
     * @param what      the present step
     * @param perSecond units a second in this step, 0 while unknown
     * @param remaining seconds to the end of this step, negative while unknown
     */
    public record State(long done, long total, String what, double perSecond, double remaining) {

        /** 0 to 1, or -1 while unknown. */
        public double fraction() {
            return total > 0 ? Math.clamp((double) done / total, 0, 1) : -1;
        }
    }

    private final String title;
    private final Unit unit;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(new State(0, 0, "", 0, -1));
    private final ReadOnlyDoubleWrapper fraction = new ReadOnlyDoubleWrapper(-1);
    private final ReadOnlyBooleanWrapper ended = new ReadOnlyBooleanWrapper();

    TaskEntry(String title, Unit unit) {
        this.title = title;
        this.unit = unit;
    }

    public String title() {
        return title;
    }

    public Unit unit() {
        return unit;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** 0 to 1, or -1 while unknown: what a ProgressBar takes. */
    public ReadOnlyDoubleProperty fractionProperty() {
        return fraction.getReadOnlyProperty();
    }

    /** Whether it is over, one way or the other. */
    public ReadOnlyBooleanProperty endedProperty() {
        return ended.getReadOnlyProperty();
    }

    /** Asks the work to stop; its result will not be published. Safe from any thread. */
    public void cancel() {
        cancelled.set(true);
    }

    public boolean cancelRequested() {
        return cancelled.get();
    }

    Cancellation cancellation() {
        return cancelled::get;
    }

    void show(State now) {
        state.set(now);
        fraction.set(now.fraction());
    }

    void end() {
        ended.set(true);
    }
}
