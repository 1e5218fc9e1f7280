package quantscope.export.pytorch;

import java.util.List;

/** What a written file says about itself first. */
final class Head {

    private Head() { }

    static String title(String model, List<String> int8) {
        String title = model + " with " + (int8.isEmpty() ? "nothing" : String.join(", ", int8));
        return Python.docText((title.length() < 80 ? title : model + " with " + int8.size() + " layers") + " in int8.");
    }

    static String sentence(List<String> int8) {
        return int8.isEmpty() ? "No layer computes in int8." : Python.wrap(
                "Only these layers compute in int8: " + Python.docText(String.join(", ", int8)) + ".", Python.WIDTH);
    }
}
