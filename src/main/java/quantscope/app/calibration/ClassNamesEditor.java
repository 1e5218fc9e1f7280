package quantscope.app.calibration;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.session.OpenModel;

/** The names that answers are shown with, one a line in the order of the classes. */
final class ClassNamesEditor extends TitledPane {

    private final Workspace workspace;
    private final Texts texts;
    private final TextArea names = new TextArea();
    private final Button reset;

    ClassNamesEditor(Workspace workspace, Texts texts) {
        this.workspace = workspace;
        this.texts = texts;
        setId("class-names-pane");
        getStyleClass().add("dense");
        setAnimated(false);
        setExpanded(false);
        names.setId("class-names");
        names.setPrefRowCount(6);
        names.setPromptText(texts.text("classes.prompt"));
        names.textProperty().addListener((_, _, text) -> {
            if (!parse(text).equals(workspace.classNames())) {
                workspace.setClassNames(parse(text));
            }
        });
        Label hint = new Label(texts.text("classes.hint"));
        hint.getStyleClass().add("hint");
        hint.setWrapText(true);
        reset = new Button(texts.text("classes.reset"), new FontIcon(Feather.ROTATE_CCW));
        reset.setId("classes-reset");
        reset.getStyleClass().addAll("small", "flat");
        reset.setOnAction(_ -> workspace.model().map(OpenModel::classNames).ifPresent(workspace::setClassNames));
        setContent(new VBox(6, hint, names, reset));
        workspace.modelProperty().addListener((_, _, _) -> show());
        workspace.classNamesProperty().addListener((_, _, _) -> show());
        show();
    }

    /** Lines; empty ones at the end count for nothing. */
    static List<String> parse(String text) {
        return text == null || text.isBlank() ? List.of()
                : text.stripTrailing().lines().map(String::strip).toList();
    }

    private void show() {
        List<String> now = workspace.classNames();
        if (!parse(names.getText()).equals(now)) {
            names.setText(String.join("\n", now));
        }
        setText(texts.text("classes", now.size()));
        boolean edited = workspace.model().filter(m -> !m.classNames().equals(now)).isPresent();
        reset.setVisible(edited);
        reset.setManaged(edited);
        setDisable(workspace.model().isEmpty());
    }
}
