package quantscope.ptq;

import java.util.Objects;
import java.util.Optional;
import quantscope.quant.QConfig;

/**
 * What the user has chosen for one layer.
 *
 * @param precision empty: as the file has it (fp32, or binary where it is binarized); a layer that only moves values
 *                  (pooling, ReLU, flatten ...) then follows its neighbours
 * @param qconfig   empty: the specification's default
 */
public record LayerChoice(Optional<Precision> precision, Optional<QConfig> qconfig) {

    public static final LayerChoice NONE = new LayerChoice(Optional.empty(), Optional.empty());

    public LayerChoice {
        Objects.requireNonNull(precision);
        Objects.requireNonNull(qconfig);
    }
}
