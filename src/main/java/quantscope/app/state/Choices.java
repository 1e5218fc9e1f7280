package quantscope.app.state;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.Specification;

/**
 * What the user has chosen for one model file.
 *
 * @param preprocessing empty for what the file says
 * @param classNames    empty for what the file says
 */
public record Choices(Specification specification, Optional<Preprocessing> preprocessing,
                      Optional<List<String>> classNames) {

    public static final Choices NONE = new Choices(Specification.EMPTY, Optional.empty(), Optional.empty());

    public Choices {
        Objects.requireNonNull(specification);
        Objects.requireNonNull(preprocessing);
        classNames = classNames.map(List::copyOf);
    }
}
