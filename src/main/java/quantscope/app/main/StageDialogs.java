package quantscope.app.main;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javafx.scene.control.Alert;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.layout.Region;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import quantscope.app.control.FileDialogs;

/** The system's own dialogs; each begins in the folder of the last one. */
final class StageDialogs implements FileDialogs {

    private final Window owner;
    private Optional<Path> last = Optional.empty();

    StageDialogs(Window owner) {
        this.owner = owner;
    }

    @Override
    public Optional<Path> open(String title, String kind, String... extensions) {
        FileChooser chooser = chooser(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(kind,
                Arrays.stream(extensions).map(e -> "*" + e).toList()));
        return remember(chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> folder(String title) {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle(title);
        last.map(Path::toFile).ifPresent(chooser::setInitialDirectory);
        return remember(chooser.showDialog(owner));
    }

    @Override
    public Optional<Path> save(String title, String name, String extension) {
        FileChooser chooser = chooser(title);
        chooser.setInitialFileName(name);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("*" + extension, "*" + extension));
        return remember(chooser.showSaveDialog(owner)).map(p -> p.getFileName().toString().contains(".") ? p
                : p.resolveSibling(p.getFileName() + extension));
    }

    @Override
    public boolean confirm(String title, String question, String yes) {
        ButtonType take = new ButtonType(yes, ButtonBar.ButtonData.OTHER);
        Alert alert = new Alert(Alert.AlertType.CONFIRMATION, question, take, ButtonType.CANCEL);
        alert.initOwner(owner);
        alert.setTitle(title);
        alert.setHeaderText(title);
        alert.getDialogPane().setMinHeight(Region.USE_PREF_SIZE);
        ((Button) alert.getDialogPane().lookupButton(ButtonType.CANCEL)).setDefaultButton(true);
        return alert.showAndWait().filter(take::equals).isPresent();
    }

    private FileChooser chooser(String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        last.map(Path::toFile).ifPresent(chooser::setInitialDirectory);
        return chooser;
    }

    private Optional<Path> remember(File chosen) {
        Optional<Path> path = Optional.ofNullable(chosen).map(File::toPath);
        path.map(Path::toAbsolutePath).map(Path::getParent).filter(Files::isDirectory)
                .ifPresent(folder -> last = Optional.of(folder));
        return path;
    }
}
