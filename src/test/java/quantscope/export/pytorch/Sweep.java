package quantscope.export.pytorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Sample models with choices for them, as on the command line of calibrate: golden/export/sweep.csv. With
 * QUANTSCOPE_ORACLES=some only some of them, for a run that has to be short.
 */
public final class Sweep {

    private static final int SOME = 6;

    private Sweep() { }

    /** Model file and choices. */
    public static Stream<Arguments> rows() {
        try {
            List<String> rows = Files.readAllLines(Path.of("src/test/resources/golden/export/sweep.csv")).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
            int step = "some".equals(System.getenv("QUANTSCOPE_ORACLES")) ? SOME : 1;
            return IntStream.range(0, rows.size()).filter(i -> i % step == 0).mapToObj(rows::get)
                    .map(row -> row.split("\\|")).map(row -> Arguments.of(row[0].strip(), row[1].strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
