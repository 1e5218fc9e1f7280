package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import quantscope.dataset.ImageSet;
import quantscope.dataset.SkippedImage;
import quantscope.session.Session;
import quantscope.task.Cancellation;

/** A folder of images, with notes on what of it is skipped. */
final class Folder {

    /** Beyond these, what is skipped for one reason is counted. */
    private static final int NAMED = 5;

    private Folder() { }

    static ImageSet open(Session session, Path folder, Console console) {
        ImageSet set = session.images(folder, Cancellation.NEVER);
        note(set.skipped(), console);
        return set;
    }

    static void note(List<SkippedImage> skipped, Console console) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (SkippedImage image : skipped) {
            if (counts.merge(image.reason(), 1, Integer::sum) <= NAMED) {
                console.note("skipped %s: %s", image.path(), image.reason());
            }
        }
        counts.forEach((reason, count) -> {
            if (count > NAMED) {
                console.note("skipped %d more: %s", count - NAMED, reason);
            }
        });
    }

    /** What the folder and a run skipped, as JSON. */
    static void write(ArrayNode json, ImageSet set, List<SkippedImage> skipped) {
        Stream.concat(set.skipped().stream(), skipped.stream())
                .forEach(s -> json.addObject().put("path", s.path()).put("reason", s.reason()));
    }
}
