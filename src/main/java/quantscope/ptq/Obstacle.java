package quantscope.ptq;

import java.util.Objects;
import java.util.Optional;
import quantscope.graph.SourceLine;

/**
 * One obstacle of eager-mode quantization, on the layer that it concerns.
 *
 * @param blocking whether the layer cannot become int8 before the obstacle is mended; an unfused BatchNorm or ReLU
 *                 only costs accuracy and speed
 * @param sentence why it is one, for the user
 * @param source   the user's own line, where the file has it
 * @param fix      what mends it, where something does
 */
public record Obstacle(ObstacleKind kind, String layer, boolean blocking, String sentence,
                       Optional<SourceLine> source, Optional<Fix> fix) {

    public Obstacle {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(layer);
        Objects.requireNonNull(sentence);
        Objects.requireNonNull(source);
        Objects.requireNonNull(fix);
    }
}
