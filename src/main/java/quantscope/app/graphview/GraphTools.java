package quantscope.app.graphview;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Rectangle2D;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.HBox;
import javafx.scene.paint.Color;
import javafx.scene.transform.Transform;
import javax.imageio.ImageIO;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.export.AtomicFile;
import quantscope.figure.Arrangement;

/** The buttons above the graph: zoom, fit, direction, save as a picture. */
public final class GraphTools extends HBox {

    /** Beyond this many pixels a side the graphics card may refuse. */
    private static final double LARGEST_PICTURE = 8_000;

    private final GraphView graph;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Texts texts = Texts.of("graph");

    public GraphTools(GraphView graph, TaskRunner tasks, FileDialogs dialogs) {
        this.graph = graph;
        this.tasks = tasks;
        this.dialogs = dialogs;
        getStyleClass().add("graph-tools");
        Viewport viewport = graph.viewport();
        Label zoom = new Label();
        zoom.getStyleClass().add("zoom-label");
        zoom.textProperty().bind(viewport.zoomProperty().map(z ->
                String.format(Locale.ROOT, "%.0f%%", z.doubleValue() * 100)));
        ToggleButton across = new ToggleButton("", new FontIcon(Feather.ARROW_RIGHT_CIRCLE));
        across.getStyleClass().addAll("button-icon", "flat");
        across.setTooltip(new Tooltip(texts.text("tool.across")));
        across.setFocusTraversable(false);
        across.selectedProperty().addListener((_, _, on) -> graph.setDownwards(!on));
        getChildren().addAll(
                button("zoomOut", Feather.ZOOM_OUT, () -> viewport.zoomBy(0.8)), zoom,
                button("zoomIn", Feather.ZOOM_IN, () -> viewport.zoomBy(1.25)),
                button("actual", Feather.SQUARE, () -> viewport.zoomTo(1)),
                button("fit", Feather.MAXIMIZE, viewport::fit), across, pictures());
    }

    private Button button(String key, Feather icon, Runnable action) {
        Button button = new Button("", new FontIcon(icon));
        button.setId("graph-" + key);
        button.getStyleClass().addAll("button-icon", "flat");
        button.setTooltip(new Tooltip(texts.text("tool." + key)));
        button.setFocusTraversable(false);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private MenuButton pictures() {
        MenuItem png = new MenuItem(texts.text("tool.png"));
        png.setOnAction(_ -> dialogs.save(texts.text("tool.save"), name(".png"), ".png").ifPresent(this::savePng));
        MenuItem svg = new MenuItem(texts.text("tool.svg"));
        svg.setOnAction(_ -> dialogs.save(texts.text("tool.save"), name(".svg"), ".svg").ifPresent(this::saveSvg));
        MenuButton menu = new MenuButton("", new FontIcon(Feather.IMAGE), png, svg);
        menu.setId("graph-save");
        menu.getStyleClass().addAll("button-icon", "flat", "no-arrow");
        menu.setTooltip(new Tooltip(texts.text("tool.save")));
        menu.setFocusTraversable(false);
        menu.disableProperty().bind(graph.workspace().preparedProperty().map(p -> p.isEmpty()));
        return menu;
    }

    private String name(String extension) {
        return graph.workspace().prepared().map(p -> p.graph().name()).orElse("graph") + extension;
    }

    void saveSvg(Path file) {
        graph.arrangement().ifPresent(arrangement -> tasks.quietly(texts.text("tool.save"), (_, _) -> {
            AtomicFile.write(file, new WriteSvg().write(arrangement).getBytes(StandardCharsets.UTF_8));
            return file;
        }, _ -> { }));
    }

    void savePng(Path file) {
        graph.arrangement().ifPresent(arrangement -> {
            BufferedImage picture = SwingFXUtils.fromFXImage(picture(arrangement), null);
            tasks.quietly(texts.text("tool.save"), (_, _) -> {
                AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
                return file;
            }, _ -> { });
        });
    }

    /** The whole graph at 200%, as large as is safe, on the theme's background. */
    private WritableImage picture(Arrangement arrangement) {
        Viewport viewport = graph.viewport();
        double factor = Math.min(2, LARGEST_PICTURE / Math.max(arrangement.width(), arrangement.height()));
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setFill(viewport.getBackground() == null || viewport.getBackground().getFills().isEmpty()
                ? Color.WHITE : viewport.getBackground().getFills().getFirst().getFill());
        parameters.setTransform(Transform.scale(factor, factor));
        parameters.setViewport(new Rectangle2D(0, 0, arrangement.width() * factor, arrangement.height() * factor));
        return graph.picture(parameters);
    }
}
