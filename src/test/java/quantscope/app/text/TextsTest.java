package quantscope.app.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextsTest {

    private static final Path BUNDLES = Path.of("resources/i18n/quantscope");
    private static final Path SOURCES = Path.of("src/main/java/quantscope/app");
    private static final Pattern BUNDLE = Pattern.compile("Texts\\.of\\(\"(\\w+)\"\\)");
    private static final Pattern DIRECT = Pattern.compile("\\btext\\(\"([\\w.]+)\"\\s*[,)]");
    private static final Pattern LITERAL = Pattern.compile("\"([\\w.]+)\"");

    private static Map<String, Set<String>> bundles() throws IOException {
        Map<String, Set<String>> bundles = new HashMap<>();
        for (Path file : files(BUNDLES, ".properties")) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            bundles.put(file.getFileName().toString().replace(".properties", ""),
                    properties.stringPropertyNames());
        }
        return bundles;
    }

    private static List<Path> files(Path root, String extension) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(p -> p.toString().endsWith(extension)).sorted().toList();
        }
    }

    @Test
    void everyTextThatIsAskedForIsThere() throws IOException {
        Map<String, Set<String>> bundles = bundles();
        List<String> missing = new ArrayList<>();
        int asked = 0;
        for (Path file : files(SOURCES, ".java")) {
            String source = Files.readString(file);
            Set<String> known = new HashSet<>();
            Matcher of = BUNDLE.matcher(source);
            while (of.find()) {
                assertFalse(!bundles.containsKey(of.group(1)), file + " asks for the bundle " + of.group(1));
                known.addAll(bundles.get(of.group(1)));
            }
            if (known.isEmpty()) {
                bundles.values().forEach(known::addAll);
            }
            Matcher text = DIRECT.matcher(source);
            while (text.find()) {
                asked++;
                if (!known.contains(text.group(1))) {
                    missing.add(file.getFileName() + ": " + text.group(1));
                }
            }
        }
        assertEquals(List.of(), missing);
        assertFalse(asked < 50, "only " + asked + " texts found: the pattern no longer matches the code");
    }

    /** A key counts as used when it is written out, or begins or ends with a literal that the code completes. */
    @Test
    void everyTextIsUsed() throws IOException {
        Set<String> literals = new HashSet<>();
        Set<String> asked = new HashSet<>();
        for (Path file : files(SOURCES, ".java")) {
            String source = Files.readString(file);
            BUNDLE.matcher(source).results().forEach(found -> asked.add(found.group(1)));
            Matcher literal = LITERAL.matcher(source);
            while (literal.find()) {
                literals.add(literal.group(1));
            }
        }
        Set<String> unused = new TreeSet<>();
        bundles().forEach((bundle, keys) -> keys.stream().filter(_ -> asked.contains(bundle))
                .filter(key -> !literals.contains(key) && literals.stream().noneMatch(l ->
                        l.endsWith(".") && key.startsWith(l)
                                || l.startsWith(".") && key.endsWith(l)
                                && literals.contains(key.substring(0, key.length() - l.length()))))
                .forEach(key -> unused.add(bundle + ": " + key)));
        assertEquals(Set.of(), unused);
    }

    @Test
    void argumentsAreSetIn() {
        assertEquals("conv1 to int8", Texts.of("state").text("step.precision", "conv1", "int8"));
    }
}
