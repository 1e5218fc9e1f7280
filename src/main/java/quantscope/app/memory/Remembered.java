package quantscope.app.memory;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.Specification;

/**
 * All that is restored at the next start.
 *
 * @param preprocessing empty while no model was open
 * @param recent        model files, the last one first
 * @param window        where it was; empty at the first start
 */
public record Remembered(Optional<Path> model, Optional<Path> images, Specification specification,
                         Optional<Preprocessing> preprocessing, ImageSelection selection, List<Path> recent,
                         boolean dark, Optional<WindowPlace> window) {

    public static final Remembered NOTHING = new Remembered(Optional.empty(), Optional.empty(), Specification.EMPTY,
            Optional.empty(), ImageSelection.DEFAULT, List.of(), false, Optional.empty());

    public Remembered {
        Objects.requireNonNull(model);
        Objects.requireNonNull(images);
        recent = List.copyOf(recent);
    }

    /** A window's place on the screen in pixels; while maximized that of before. */
    public record WindowPlace(double x, double y, double width, double height, boolean maximized) { }
}
