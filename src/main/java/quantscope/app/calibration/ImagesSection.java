package quantscope.app.calibration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.compare.Comparison;
import quantscope.dataset.ImageSet;
import quantscope.dataset.SkippedImage;
import quantscope.session.CalibrationRun;

/** The folder of images: chosen or dropped here; what is in it; which of them could not be read. */
final class ImagesSection extends VBox {

    private static final PseudoClass DROPPING = PseudoClass.getPseudoClass("dropping");
    private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");

    private final Workspace workspace;
    private final Runs runs;
    private final Texts texts;
    private final Label folder = new Label("", new FontIcon(Feather.FOLDER));
    private final Label facts = new Label();
    private final Button skipped = new Button("", new FontIcon(Feather.ALERT_CIRCLE));
    private final SkippedList skippedList;

    ImagesSection(Workspace workspace, Runs runs, FileDialogs dialogs, Texts texts) {
        super(6);
        this.workspace = workspace;
        this.runs = runs;
        this.texts = texts;
        getStyleClass().add("drop-target");
        folder.setId("image-folder");
        folder.setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        folder.setMaxWidth(Double.MAX_VALUE);
        folder.setMinWidth(40);
        HBox.setHgrow(folder, Priority.ALWAYS);
        Button choose = new Button(texts.text("images.choose"));
        choose.setId("choose-images");
        choose.setMinWidth(USE_PREF_SIZE);
        choose.getStyleClass().add("small");
        choose.setOnAction(_ -> dialogs.folder(texts.text("images.title")).ifPresent(workspace::chooseImages));
        HBox row = new HBox(8, folder, choose);
        row.setAlignment(Pos.CENTER_LEFT);
        facts.setId("image-facts");
        facts.getStyleClass().add("hint");
        facts.setWrapText(true);
        skipped.setId("skipped-images");
        skipped.getStyleClass().addAll("small", "flat", "warning");
        skippedList = new SkippedList(texts);
        skipped.setOnAction(_ -> skippedList.toggle(skipped));
        getChildren().addAll(row, facts, skipped);
        setOnDragOver(this::dragged);
        setOnDragExited(_ -> pseudoClassStateChanged(DROPPING, false));
        setOnDragDropped(this::dropped);
        workspace.imagesProperty().addListener((_, _, _) -> show());
        runs.results().comparisonProperty().addListener((_, _, _) -> showSkipped());
        show();
    }

    private void show() {
        Optional<ImageSet> images = workspace.images();
        pseudoClassStateChanged(CHOSEN, images.isPresent());
        folder.setText(images.map(i -> i.root().toString()).orElse(texts.text("images.none")));
        folder.setTooltip(images.map(i -> new Tooltip(i.root().toString())).orElse(null));
        ImagesText words = new ImagesText(texts);
        facts.setText(images.map(words::facts).orElse(texts.text("images.hint")));
        showSkipped();
    }

    private void showSkipped() {
        List<SkippedImage> all = unreadable(workspace.images(), runs.results().run(), runs.results().comparison());
        skipped.setText(texts.text("skipped", all.size()));
        skipped.setVisible(!all.isEmpty());
        skipped.setManaged(!all.isEmpty());
        skippedList.show(all);
    }

    /** Met while the folder was looked through, while calibrating or comparing, each once. */
    static List<SkippedImage> unreadable(Optional<ImageSet> images, Optional<CalibrationRun> run,
                                         Optional<Comparison> comparison) {
        Map<String, SkippedImage> byPath = new LinkedHashMap<>();
        images.ifPresent(i -> i.skipped().forEach(s -> byPath.put(s.path(), s)));
        run.ifPresent(r -> r.skipped().forEach(s -> byPath.put(s.path(), s)));
        comparison.ifPresent(c -> c.skipped().forEach(s -> byPath.putIfAbsent(s.path(), s)));
        return List.copyOf(byPath.values());
    }

    private void dragged(DragEvent e) {
        if (directory(e).isPresent()) {
            e.acceptTransferModes(TransferMode.COPY_OR_MOVE);
            pseudoClassStateChanged(DROPPING, true);
            e.consume();
        }
    }

    private void dropped(DragEvent e) {
        directory(e).ifPresent(found -> {
            workspace.chooseImages(found);
            e.setDropCompleted(true);
            e.consume();
        });
    }

    private static Optional<Path> directory(DragEvent e) {
        return e.getDragboard().getFiles().stream().map(java.io.File::toPath).filter(Files::isDirectory).findFirst();
    }
}
