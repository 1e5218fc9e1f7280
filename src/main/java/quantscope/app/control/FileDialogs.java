package quantscope.app.control;

import java.nio.file.Path;
import java.util.Optional;

/** Asks the user for files, or for a yes; empty, or no, when the user thinks better of it. */
public interface FileDialogs {

    /**
     * @param title      of the dialog
     * @param kind       what is looked for, for example "Models"
     * @param extensions with the dot, for example ".onnx"
     */
    Optional<Path> open(String title, String kind, String... extensions);

    Optional<Path> folder(String title);

    /**
     * @param name      suggested, with its extension
     * @param extension with the dot
     */
    Optional<Path> save(String title, String name, String extension);

    /** @param yes what is written on the button that is not the default one */
    boolean confirm(String title, String question, String yes);
}
