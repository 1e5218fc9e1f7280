package quantscope.export;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.ptq.Calibration;
import quantscope.ptq.Prepared;

/**
 * What an exporter writes from.
 *
 * @param classNames by class index; may be empty
 * @param comparison with the fp32 network, where one was run
 */
public record Exportable(Configuration configuration, Prepared prepared, Calibration calibration,
                         List<String> classNames, Optional<Comparison> comparison) {

    public Exportable {
        classNames = List.copyOf(classNames);
        Objects.requireNonNull(comparison);
    }
}
