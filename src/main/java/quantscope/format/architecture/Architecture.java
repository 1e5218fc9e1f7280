package quantscope.format.architecture;

import java.util.List;
import java.util.Map;

/**
 * A network's layers in the order in which they run; widths, channels and classes come from the weights.
 *
 * @param name     for the user
 * @param side     of the square images it is made for, in pixels
 * @param layers   the first reads {@link #INPUT}
 * @param metadata what a model file would say about images, see {@link quantscope.format.Model}
 * @param notes    what the user should know
 */
record Architecture(String name, int side, List<Layer> layers, Map<String, String> metadata, List<String> notes) {

    static final String INPUT = "input";

    Architecture {
        layers = List.copyOf(layers);
        metadata = Map.copyOf(metadata);
        notes = List.copyOf(notes);
    }

    static Architecture of(String name, List<Layer> layers) {
        return new Architecture(name, 224, layers, Map.of(), List.of());
    }
}
