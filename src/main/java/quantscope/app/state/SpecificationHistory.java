package quantscope.app.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import quantscope.ptq.Specification;

/** The chosen specification with every step that led to it. Unlimited; a new step forgets what was undone. */
public final class SpecificationHistory {

    private record Step(String description, Specification before, Specification after) { }

    private final Deque<Step> undone = new ArrayDeque<>();
    private final Deque<Step> done = new ArrayDeque<>();
    private final ReadOnlyObjectWrapper<Specification> current = new ReadOnlyObjectWrapper<>(Specification.EMPTY);
    private final ReadOnlyObjectWrapper<Optional<String>> undoable = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<String>> redoable = new ReadOnlyObjectWrapper<>(Optional.empty());

    public ReadOnlyObjectProperty<Specification> currentProperty() {
        return current.getReadOnlyProperty();
    }

    public Specification current() {
        return current.get();
    }

    /** What undo would take back, in the user's words; empty where there is nothing. */
    public ReadOnlyObjectProperty<Optional<String>> undoableProperty() {
        return undoable.getReadOnlyProperty();
    }

    /** What redo would do again. */
    public ReadOnlyObjectProperty<Optional<String>> redoableProperty() {
        return redoable.getReadOnlyProperty();
    }

    /** Takes a step; a step that changes nothing is none. */
    void apply(String description, Specification next) {
        if (!next.equals(current())) {
            done.push(new Step(description, current(), next));
            undone.clear();
            show(next);
        }
    }

    void undo() {
        if (!done.isEmpty()) {
            Step step = done.pop();
            undone.push(step);
            show(step.before());
        }
    }

    void redo() {
        if (!undone.isEmpty()) {
            Step step = undone.pop();
            done.push(step);
            show(step.after());
        }
    }

    /** Begins anew, with nothing to undo. */
    void reset(Specification specification) {
        done.clear();
        undone.clear();
        show(specification);
    }

    private void show(Specification specification) {
        undoable.set(Optional.ofNullable(done.peek()).map(Step::description));
        redoable.set(Optional.ofNullable(undone.peek()).map(Step::description));
        current.set(specification);
    }
}
