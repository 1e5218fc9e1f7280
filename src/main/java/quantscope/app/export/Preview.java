package quantscope.app.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import quantscope.compare.Comparison;
import quantscope.export.Exporter;
import quantscope.session.CalibrationRun;
import quantscope.session.Session;

/**
 * What an export would write.
 *
 * @param files all of them, the named one first
 * @param text  the beginning of the named file; empty where it is not text
 * @param whole whether that is all of it
 */
record Preview(List<Written> files, Optional<String> text, boolean whole) {

    private static final int LONGEST = 200_000;

    Preview {
        files = List.copyOf(files);
    }

    /** A file with its size in bytes. */
    record Written(String name, long bytes) {

        String size() {
            return bytes < 1000 ? bytes + " B" : bytes < 1_000_000 ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                    : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        }
    }

    /** Exports into a folder of its own, looks at the files, and removes them again. */
    static Preview of(Session session, CalibrationRun run, Optional<Comparison> comparison, Exporter exporter)
            throws IOException {
        Path folder = Files.createTempDirectory("quantscope-preview");
        try {
            List<Path> paths = session.export(run, comparison, exporter, folder.resolve(name(run, exporter)));
            List<Written> files = new ArrayList<>();
            for (Path path : paths) {
                files.add(new Written(path.getFileName().toString(), Files.size(path)));
            }
            byte[] beginning = beginning(paths.getFirst());
            return new Preview(files, text(beginning), beginning.length <= LONGEST);
        } finally {
            remove(folder);
        }
    }

    /** The model's name with the format's extension; a Python file gets a name that can be imported. */
    static String name(CalibrationRun run, Exporter exporter) {
        String stem = stem(run);
        return exporter.extension().equals(".py") ? (stem + "_" + exporter.suffix()).replaceAll("\\W", "_") + ".py"
                : stem + "-" + exporter.suffix() + exporter.extension();
    }

    /** The model's name without its extension. */
    static String stem(CalibrationRun run) {
        String file = run.job().model().model().file().getFileName().toString();
        return file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : file;
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST + 1);
        }
    }

    /** Text has no zero byte. */
    private static Optional<String> text(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return Optional.empty();
            }
        }
        return Optional.of(new String(bytes, 0, Math.min(bytes.length, LONGEST), StandardCharsets.UTF_8));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
