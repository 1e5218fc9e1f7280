package quantscope.app.calibration;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.controlsfx.validation.ValidationSupport;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;

/** All that a calibration depends on besides the graph, its start, its progress and the scales that it found. */
public final class CalibrationView extends BorderPane {

    private static final double NARROWEST_COLUMN = 300;

    public CalibrationView(Workspace workspace, Runs runs, FileDialogs dialogs) {
        Texts texts = Texts.of("calibration");
        getStyleClass().add("calibration");
        ValidationSupport validation = new ValidationSupport();
        VBox preprocessing = new VBox(10, new PreprocessingEditor(workspace, validation, texts),
                new ClassNamesEditor(workspace, texts));
        Columns page = new Columns(NARROWEST_COLUMN,
                section(texts.text("images"), new ImagesSection(workspace, runs, dialogs, texts)),
                section(texts.text("selection"), new SelectionSection(workspace, validation, texts)),
                section(texts.text("preprocessing"), preprocessing),
                section(texts.text("scales"), new VBox(6, new Warnings(runs), new ScaleTable(runs, texts))));
        page.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        setTop(new RunBar(runs, texts));
        setCenter(scroll);
    }

    private static VBox section(String title, Node content) {
        Label heading = new Label(title);
        heading.getStyleClass().add("section-title");
        VBox section = new VBox(6, heading, content);
        section.getStyleClass().add("section");
        section.setFillWidth(true);
        return section;
    }
}
