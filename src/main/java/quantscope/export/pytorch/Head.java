package quantscope.export.pytorch;

import java.util.List;
import java.util.Map;
import quantscope.export.Configuration;
import quantscope.export.Exportable;

/** What a written file says about itself first. */
final class Head {

    private Head() { }

    /** What every template has, by name. */
    static Map<String, String> values(Exportable exportable, String version) {
        Configuration configuration = exportable.configuration();
        List<String> int8 = exportable.prepared().int8Layers();
        return Map.of(
                "TITLE", title(configuration.modelFile(), int8),
                "VERSION", version,
                "MODEL", Python.docText(configuration.modelFile()),
                "SHA256", configuration.modelSha256(),
                "INT8_SENTENCE", sentence(int8),
                "MEANT_FOR", Backend.meantFor(configuration.specification().profile()));
    }

    private static String title(String model, List<String> int8) {
        String title = model + " with " + (int8.isEmpty() ? "nothing" : String.join(", ", int8));
        return Python.docText((title.length() < 80 ? title : model + " with " + int8.size() + " layers") + " in int8.");
    }

    private static String sentence(List<String> int8) {
        return int8.isEmpty() ? "No layer computes in int8." : Python.wrap(
                "Only these layers compute in int8: " + Python.docText(String.join(", ", int8)) + ".", Python.WIDTH);
    }
}
