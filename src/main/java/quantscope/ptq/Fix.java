package quantscope.ptq;

import java.util.Objects;

/**
 * One mending that the user has asked for.
 *
 * @param layer the layer it is applied to; for {@link FixKind#FUSE} the first of the fused layers
 */
public record Fix(FixKind kind, String layer) {

    public Fix {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(layer);
    }
}
