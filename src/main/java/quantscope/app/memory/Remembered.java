package quantscope.app.memory;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import quantscope.app.state.Choices;
import quantscope.dataset.ImageSelection;

/**
 * All that is restored at the next start.
 *
 * @param choices by model file, in the order in which they were open
 * @param recent  model files, the last one first
 * @param window  where it was; empty at the first start
 */
public record Remembered(Optional<Path> model, Optional<Path> images, Map<Path, Choices> choices, ImageSelection selection,
                         List<Path> recent, boolean dark, Optional<WindowPlace> window) {

    public static final Remembered NOTHING = new Remembered(Optional.empty(), Optional.empty(), Map.of(),
            ImageSelection.DEFAULT, List.of(), false, Optional.empty());

    public Remembered {
        Objects.requireNonNull(model);
        Objects.requireNonNull(images);
        choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
        recent = List.copyOf(recent);
    }

    /** What is chosen for the model that was open last. */
    public Choices chosen() {
        return model.map(m -> choices.getOrDefault(m, Choices.NONE)).orElse(Choices.NONE);
    }

    /** A window's place on the screen in pixels; while maximized that of before. */
    public record WindowPlace(double x, double y, double width, double height, boolean maximized) { }
}
