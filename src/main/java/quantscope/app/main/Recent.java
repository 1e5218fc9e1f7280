package quantscope.app.main;

import java.nio.file.Path;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import quantscope.app.state.Workspace;

/** Model files that were open, the last one first. */
final class Recent {

    private static final int LONGEST = 10;

    private final ObservableList<Path> files = FXCollections.observableArrayList();

    Recent(List<Path> before, Workspace workspace) {
        files.setAll(before);
        workspace.modelProperty().addListener((_, _, _) -> workspace.modelPath().ifPresent(this::add));
    }

    ObservableList<Path> files() {
        return FXCollections.unmodifiableObservableList(files);
    }

    private void add(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        files.remove(absolute);
        files.addFirst(absolute);
        if (files.size() > LONGEST) {
            files.remove(LONGEST, files.size());
        }
    }
}
