package quantscope.kernel.emitted.x64;

import java.util.ArrayList;
import java.util.List;

/** A place in the code that jumps name before or after it is known. */
public final class Label {

    private int position = -1;
    private final List<Integer> waiting = new ArrayList<>();

    boolean bound() {
        return position >= 0;
    }

    int position() {
        return position;
    }

    void bind(int at) {
        if (bound()) {
            throw new IllegalStateException("the label is bound at " + position + " already");
        }
        position = at;
    }

    /** Where the displacement of a jump to this label waits to be filled in. */
    List<Integer> waiting() {
        return waiting;
    }
}
