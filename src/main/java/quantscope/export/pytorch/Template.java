package quantscope.export.pytorch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A Python file among the program's resources with {@code @NAMES@} for what differs. */
final class Template {

    private static final String FOLDER = "/quantscope/export/";

    private Template() { }

    /** @param values by name, without the signs around it */
    static String fill(String resource, Map<String, String> values) {
        StringBuilder out = new StringBuilder();
        for (String part : read(resource).split("@", -1)) {
            out.append(values.getOrDefault(part, part));
        }
        return out.toString();
    }

    /** The observer that knows its result, as a class of a module's. */
    static String pinned(String base) {
        return fill("pytorch_pinned.py", Map.of("BASE", base)).stripTrailing();
    }

    private static String read(String resource) {
        try (InputStream in = Template.class.getResourceAsStream(FOLDER + resource)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + FOLDER + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
