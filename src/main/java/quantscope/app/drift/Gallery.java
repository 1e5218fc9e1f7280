package quantscope.app.drift;

import java.nio.charset.StandardCharsets;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.controlsfx.control.GridView;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.Segments;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.ImageComparison;
import quantscope.export.AtomicFile;
import quantscope.session.CalibrationRun;

/** The compared images with both answers, those that changed first of all. */
final class Gallery extends BorderPane {

    private static final double GAP = 8;

    private final Workspace workspace;
    private final Runs runs;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Texts texts;
    private final GridView<ImageComparison> grid = new GridView<>();
    private final Segments<ImageFilter> filters;
    private final Thumbnails thumbnails;
    private final ImageDetail detail;
    private ImageFilter filter = ImageFilter.DRIFTED;

    Gallery(Workspace workspace, Runs runs, TaskRunner tasks, FileDialogs dialogs, Texts texts) {
        this.workspace = workspace;
        this.runs = runs;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.texts = texts;
        getStyleClass().add("gallery");
        thumbnails = new Thumbnails(tasks, texts.text("thumbnail"), 184, 400);
        detail = new ImageDetail(new Thumbnails(tasks, texts.text("thumbnail"), 640, 8), workspace::className, texts);
        filters = new Segments<>("filter", List.of(ImageFilter.values()), f -> texts.text("filter." + f), f -> {
            filter = f;
            show();
        });
        filters.show(filter);
        grid.setId("gallery");
        grid.setCellWidth(ImageCard.WIDTH);
        grid.setCellHeight(ImageCard.HEIGHT);
        grid.setHorizontalCellSpacing(GAP / 2);
        grid.setVerticalCellSpacing(GAP / 2);
        grid.setCellFactory(_ -> new ImageCard(thumbnails, this::file, workspace::className, texts, this::open));
        Button save = new Button("", new FontIcon(Feather.DOWNLOAD));
        save.setId("save-images");
        save.getStyleClass().addAll("small", "button-icon", "flat");
        save.setTooltip(new Tooltip(texts.text("images.csv")));
        save.setAccessibleText(texts.text("images.csv"));
        save.setOnAction(_ -> save());
        FlowPane segments = new FlowPane(filters);
        HBox.setHgrow(segments, Priority.ALWAYS);
        HBox bar = new HBox(6, segments, save);
        bar.getStyleClass().add("gallery-bar");
        setTop(bar);
        runs.results().comparisonProperty().addListener((_, _, _) -> show());
        workspace.classNamesProperty().addListener((_, _, _) -> show());
        show();
    }

    private java.nio.file.Path file(ImageComparison image) {
        return runs.results().run().map(CalibrationRun::job).orElseThrow().images().root().resolve(image.path());
    }

    private void open(Node owner, ImageComparison image) {
        detail.show(owner, image, file(image));
    }

    private List<ImageComparison> all() {
        return runs.results().comparison().map(c -> c.drift().images()).orElse(List.of());
    }

    private void show() {
        thumbnails.dropWaiting();
        List<ImageComparison> wanted = filter.of(all());
        filters.allow(all().stream().anyMatch(i -> i.label().isPresent()) ? List.of(ImageFilter.values())
                : List.of(ImageFilter.DRIFTED, ImageFilter.ALL));
        grid.getItems().setAll(wanted);
        setCenter(wanted.isEmpty() ? nothing() : grid);
    }

    /** No drift at all is good news; a filter that finds nothing is no news. */
    private Region nothing() {
        boolean none = all().stream().noneMatch(ImageComparison::drifted);
        return none ? new EmptyState(Feather.CHECK_CIRCLE, texts.text("noDrift.title"),
                texts.text("noDrift.hint", all().size()))
                : new EmptyState(Feather.FILTER, texts.text("noMatch.title"), texts.text("noMatch.hint"));
    }

    private void save() {
        List<ImageComparison> now = List.copyOf(grid.getItems());
        String csv = DriftCsv.images(now, workspace::className);
        dialogs.save(texts.text("images.csv"), "images.csv", ".csv").ifPresent(file ->
                tasks.quietly(texts.text("images.csv"), (_, _) -> {
                    AtomicFile.write(file, csv.getBytes(StandardCharsets.UTF_8));
                    return file;
                }, _ -> { }));
    }
}
