package quantscope.export.report;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.compare.LayerInsight;
import quantscope.compare.Saturation;
import quantscope.export.Configuration;
import quantscope.ptq.Calibration;
import quantscope.ptq.Prepared;

/**
 * All that a report says.
 *
 * @param classNames by class index; may be empty
 * @param notes      what the model's reader and the calibration have to say
 * @param insights   of the int8 layers, in running order
 * @param saturation on a CPU without VNNI; empty where it was not asked for
 * @param pictures   JPEG files by image path, of some of the images; see {@link Gallery#pictured}
 */
public record ReportContent(Configuration configuration, Prepared prepared, Calibration calibration,
                            Comparison comparison, List<String> classNames, List<String> notes,
                            List<LayerInsight> insights, Optional<Saturation> saturation, Map<String, byte[]> pictures,
                            Machine machine, ZonedDateTime made) {

    public ReportContent {
        classNames = List.copyOf(classNames);
        notes = List.copyOf(notes);
        insights = List.copyOf(insights);
        pictures = Map.copyOf(pictures);
    }

    /** The class's name, or its index where there is no name. */
    String className(int index) {
        return index >= 0 && index < classNames.size() ? classNames.get(index) : "class " + index;
    }
}
