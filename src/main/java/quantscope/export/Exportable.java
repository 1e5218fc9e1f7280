package quantscope.export;

import java.util.List;
import quantscope.ptq.Calibration;
import quantscope.ptq.Prepared;

/**
 * What an exporter writes from.
 *
 * @param classNames by class index; may be empty
 */
public record Exportable(Configuration configuration, Prepared prepared, Calibration calibration,
                         List<String> classNames) {

    public Exportable {
        classNames = List.copyOf(classNames);
    }
}
