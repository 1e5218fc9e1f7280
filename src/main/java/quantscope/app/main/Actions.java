package quantscope.app.main;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.OtherModelQuestion;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;

/** What opens files, by dialog or by drop. */
final class Actions {

    private final Workspace workspace;
    private final Runs runs;
    private final FileDialogs dialogs;
    private final Texts texts = Texts.of("main");

    Actions(Workspace workspace, Runs runs, FileDialogs dialogs) {
        this.workspace = workspace;
        this.runs = runs;
        this.dialogs = dialogs;
    }

    void openModel() {
        dialogs.open(texts.text("dialog.model"), texts.text("dialog.models"), ".onnx", ".pt2", ".pth", ".pt",
                ".pth.tar", ".ckpt", ".safetensors", ".npz")
                .ifPresent(workspace::open);
    }

    void openConfiguration() {
        dialogs.open(texts.text("dialog.configuration"), texts.text("dialog.configurations"), ".json")
                .ifPresent(this::openConfiguration);
    }

    private void openConfiguration(Path file) {
        runs.openConfiguration(file, new OtherModelQuestion(dialogs));
    }

    void chooseImages() {
        dialogs.folder(texts.text("dialog.images")).ifPresent(workspace::chooseImages);
    }

    /** Whether something dropped can be opened. */
    boolean accepts(List<Path> dropped) {
        return dropped.size() == 1;
    }

    /** A folder is one of images, .json is a configuration, anything else a model. */
    void open(Path dropped) {
        if (Files.isDirectory(dropped)) {
            workspace.chooseImages(dropped);
        } else if (dropped.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".json")) {
            openConfiguration(dropped);
        } else {
            workspace.open(dropped);
        }
    }
}
