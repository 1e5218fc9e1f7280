package quantscope.app.calibration;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.validation.Severity;
import org.controlsfx.validation.ValidationResult;
import org.controlsfx.validation.ValidationSupport;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.dataset.Preprocessing;
import quantscope.session.OpenModel;

/** Resize, crop, mean and std: what the model's file says until the user types something else. */
final class PreprocessingEditor extends VBox {

    private final Workspace workspace;
    private final Texts texts;
    private final ValidationSupport validation;
    private final TextField resize = field("resize");
    private final TextField cropHeight = field("crop-height");
    private final TextField cropWidth = field("crop-width");
    private final TextField mean = field("mean");
    private final TextField std = field("std");
    private final Label source = new Label();
    private final Label invalid = new Label();
    private final Button reset;
    private boolean showing;

    PreprocessingEditor(Workspace workspace, ValidationSupport validation, Texts texts) {
        super(8);
        this.workspace = workspace;
        this.validation = validation;
        this.texts = texts;
        reset = new Button(texts.text("preprocessing.reset"), new FontIcon(Feather.ROTATE_CCW));
        reset.setId("preprocessing-reset");
        reset.getStyleClass().addAll("small", "flat");
        reset.setOnAction(_ -> workspace.model().ifPresent(m -> {
            workspace.setPreprocessing(m.preprocessing());
            show();
        }));
        source.setId("preprocessing-source");
        source.getStyleClass().add("hint");
        source.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(source, Priority.ALWAYS);
        HBox bar = new HBox(8, source, reset);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.setMinHeight(28);
        invalid.setId("preprocessing-invalid");
        invalid.getStyleClass().add("invalid");
        invalid.setWrapText(true);
        resize.setPromptText(texts.text("preprocessing.keep"));
        getChildren().addAll(bar, grid(), invalid);
        List<TextField> fields = List.of(resize, cropHeight, cropWidth, mean, std);
        PreprocessingDraft.Field[] kinds = PreprocessingDraft.Field.values();
        for (int i = 0; i < kinds.length; i++) {
            watch(fields.get(i), kinds[i]);
        }
        workspace.modelProperty().addListener((_, _, _) -> show());
        workspace.preprocessingProperty().addListener((_, _, _) -> show());
        show();
    }

    private GridPane grid() {
        HBox crop = new HBox(6, cropHeight, new Label("×"), cropWidth);
        crop.setAlignment(Pos.CENTER_LEFT);
        GridPane grid = new GridPane(8, 6);
        ColumnConstraints fill = new ColumnConstraints();
        fill.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(new ColumnConstraints(52), fill);
        grid.addRow(0, label("preprocessing.resize", resize), resize);
        grid.addRow(1, label("preprocessing.crop", cropHeight), crop);
        grid.addRow(2, label("preprocessing.mean", mean), mean);
        grid.addRow(3, label("preprocessing.std", std), std);
        return grid;
    }

    private Label label(String key, TextField of) {
        Label label = new Label(texts.text(key));
        label.setLabelFor(of);
        label.setTooltip(new Tooltip(texts.text(key + ".hint")));
        of.setTooltip(new Tooltip(texts.text(key + ".hint")));
        return label;
    }

    private static TextField field(String id) {
        TextField field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(6);
        HBox.setHgrow(field, Priority.ALWAYS);
        return field;
    }

    private void watch(TextField field, PreprocessingDraft.Field kind) {
        field.textProperty().addListener((_, _, _) -> typed());
        validation.registerValidator(field, false, (Control c, String _) -> ValidationResult.fromMessageIf(c,
                input().map(i -> message(kind, i)).orElse(""), Severity.ERROR,
                input().filter(i -> draft().invalid(i).contains(kind)).isPresent()));
    }

    private PreprocessingDraft draft() {
        return new PreprocessingDraft(resize.getText(), cropHeight.getText(), cropWidth.getText(), mean.getText(),
                std.getText());
    }

    private Optional<Preprocessing> input() {
        return workspace.model().map(OpenModel::preprocessing);
    }

    private void typed() {
        if (showing) {
            return;
        }
        input().ifPresent(input -> {
            draft().parse(input).filter(p -> !Optional.of(p).equals(workspace.preprocessing()))
                    .ifPresent(workspace::setPreprocessing);
            judge(input);
        });
    }

    private void show() {
        Optional<Preprocessing> input = input();
        setDisable(input.isEmpty());
        workspace.preprocessing().ifPresent(p -> {
            if (input.flatMap(i -> draft().parse(i)).filter(p::equals).isEmpty()) {
                fill(PreprocessingDraft.of(p));
            }
        });
        input.ifPresentOrElse(this::judge, () -> source.setText(texts.text("preprocessing.noModel")));
    }

    private void fill(PreprocessingDraft draft) {
        showing = true;
        resize.setText(draft.resize());
        cropHeight.setText(draft.cropHeight());
        cropWidth.setText(draft.cropWidth());
        mean.setText(draft.mean());
        std.setText(draft.std());
        showing = false;
    }

    private void judge(Preprocessing input) {
        List<PreprocessingDraft.Field> wrong = draft().invalid(input);
        invalid.setText(wrong.isEmpty() ? "" : message(wrong.getFirst(), input));
        invalid.setManaged(!wrong.isEmpty());
        invalid.setVisible(!wrong.isEmpty());
        workspace.setPreprocessingTyped(wrong.isEmpty());
        source.setText(workspace.model().map(this::source).orElse(""));
        reset.setVisible(edited());
    }

    private boolean edited() {
        return workspace.model().filter(m -> !draft().parse(m.preprocessing()).equals(Optional.of(m.preprocessing())))
                .isPresent();
    }

    private String source(OpenModel model) {
        return texts.text(edited() ? "preprocessing.edited"
                : model.preprocessingFromFile() ? "preprocessing.fromFile" : "preprocessing.assumed");
    }

    private String message(PreprocessingDraft.Field field, Preprocessing input) {
        return texts.text("preprocessing.invalid." + field, input.cropHeight(), input.cropWidth(), input.channels());
    }
}
