package quantscope.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import quantscope.quant.Profile;

/** Writes a chosen configuration in one format. */
public interface Exporter {

    /** The word on the command line, for example {@code pytorch}. */
    String id();

    /** The name in the window. */
    String title();

    /** With the dot, for example {@code .py}. */
    String extension();

    /** What a file's name gets behind the model's, so that no two formats suggest the same name. */
    default String suffix() {
        return "int8";
    }

    /** Whether what runs the file computes int8 as a profile does; of a format that nothing runs, always. */
    default boolean computesAs(Profile profile) {
        return true;
    }

    /** What a person may read of a file that this exporter wrote and that is not text; empty where there is nothing. */
    default Optional<String> outline(Path written) throws IOException {
        return Optional.empty();
    }

    /**
     * Writes the file, and those that belong to it beside it, each through a temporary file.
     *
     * @return all files written, the named one first
     * @throws IOException when one cannot be written, with its name and what to do
     */
    List<Path> export(Exportable exportable, Path file) throws IOException;
}
