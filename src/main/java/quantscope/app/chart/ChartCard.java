package quantscope.app.chart;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Pos;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.Line;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Transform;
import javax.imageio.ImageIO;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.Segments;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.compare.ActivationInsight.Range;
import quantscope.compare.HistogramPair;
import quantscope.export.AtomicFile;

/** A histogram chart with its legend, the choice of linear or logarithmic counts, and saving. */
public final class ChartCard extends VBox {

    private static final double PICTURE_SCALE = 2;
    /** Room for a legend in one line; where there is less, it wraps. */
    private static final double LEGEND = 400;

    private final Texts texts = Texts.of("chart");
    private final HistogramChart chart = new HistogramChart();
    private final Label fp32Name = new Label("", swatch("histogram-fp32"));
    private final Label convertedName = new Label();
    private final Label clipName = new Label(texts.text("clipped"), swatch("clipped-area"));
    private final Label plannedName = new Label(texts.text("planned"), dash("planned-line"));
    private final Segments<Boolean> counts;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private String fileName = "histogram";

    /** @param id of the card, prefix of its buttons' ids */
    public ChartCard(String id, TaskRunner tasks, FileDialogs dialogs) {
        this.tasks = tasks;
        this.dialogs = dialogs;
        setId(id);
        getStyleClass().add("chart-card");
        counts = new Segments<>(id + "-log", List.of(false, true),
                log -> texts.text(log ? "logarithmic" : "linear"), this::setLogarithmic);
        counts.show(false);
        FlowPane legend = new FlowPane(10, 2, fp32Name, convertedName, plannedName, clipName);
        legend.getStyleClass().add("chart-legend");
        legend.setAlignment(Pos.CENTER_LEFT);
        legend.setPrefWrapLength(LEGEND);
        legend.getChildren().forEach(n -> ((Label) n).setMinWidth(USE_PREF_SIZE));
        HBox.setHgrow(legend, Priority.ALWAYS);
        counts.setMinWidth(USE_PREF_SIZE);
        clipName.managedProperty().bind(clipName.visibleProperty());
        plannedName.managedProperty().bind(plannedName.visibleProperty());
        HBox bar = new HBox(10, legend, counts, saveMenu(id));
        bar.getStyleClass().add("chart-card-bar");
        VBox.setVgrow(chart, Priority.ALWAYS);
        getChildren().addAll(bar, chart);
    }

    /**
     * @param name     of the converted values, for the legend: "int8, dequantized"
     * @param fileName for saving, without extension
     */
    public void show(HistogramPair pair, Optional<Range> clip, Optional<Range> planned, String name,
                     String fileName) {
        this.fileName = fileName;
        fp32Name.setText(texts.text(pair.levels() ? "fp32.perLevel" : "fp32"));
        fp32Name.setTooltip(pair.levels() ? new Tooltip(texts.text("fp32.perLevel.help")) : null);
        convertedName.setText(name);
        convertedName.setGraphic(swatch(pair.levels() ? "histogram-levels" : "histogram-converted"));
        chart.show(pair, clip, planned);
        clipName.setVisible(clip.isPresent());
        plannedName.setVisible(planned.isPresent() && !planned.equals(clip));
    }

    public HistogramChart chart() {
        return chart;
    }

    private void setLogarithmic(boolean logarithmic) {
        chart.logarithmicProperty().set(logarithmic);
        counts.show(logarithmic);
    }

    private MenuButton saveMenu(String id) {
        MenuItem png = new MenuItem(texts.text("savePng"));
        png.setOnAction(_ -> dialogs.save(texts.text("save"), fileName + ".png", ".png").ifPresent(this::savePng));
        MenuItem csv = new MenuItem(texts.text("saveCsv"));
        csv.setOnAction(_ -> dialogs.save(texts.text("save"), fileName + ".csv", ".csv").ifPresent(this::saveCsv));
        MenuItem copy = new MenuItem(texts.text("copy"));
        copy.setOnAction(_ -> copy());
        MenuButton menu = new MenuButton("", new FontIcon(Feather.DOWNLOAD), png, csv, copy);
        menu.setId(id + "-save");
        menu.getStyleClass().addAll("button-icon", "flat", "small", "no-arrow");
        menu.setTooltip(new Tooltip(texts.text("save")));
        return menu;
    }

    void savePng(Path file) {
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setTransform(Transform.scale(PICTURE_SCALE, PICTURE_SCALE));
        parameters.setFill(getBackground() == null || getBackground().getFills().isEmpty()
                ? Color.TRANSPARENT : getBackground().getFills().getFirst().getFill());
        BufferedImage picture = SwingFXUtils.fromFXImage(snapshot(parameters, null), null);
        tasks.quietly(texts.text("save"), (_, _) -> {
            AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
            return file;
        }, _ -> { });
    }

    void saveCsv(Path file) {
        chart.data().ifPresent(pair -> tasks.quietly(texts.text("save"), (_, _) -> {
            AtomicFile.write(file, HistogramCsv.of(pair).getBytes(StandardCharsets.UTF_8));
            return file;
        }, _ -> { }));
    }

    private void copy() {
        chart.data().ifPresent(pair -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(HistogramCsv.of(pair));
            Clipboard.getSystemClipboard().setContent(content);
        });
    }

    private static Line dash(String style) {
        Line dash = new Line(0, 0, 14, 0);
        dash.getStyleClass().add(style);
        return dash;
    }

    private static Rectangle swatch(String style) {
        Rectangle swatch = new Rectangle(12, 12);
        swatch.getStyleClass().add(style);
        return swatch;
    }
}
