package quantscope.app.calibration;

import java.util.function.LongFunction;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.controlsfx.validation.ValidationSupport;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.dataset.ImageSelection;

/** How many images calibrate and compare, in which order and in which batches. */
final class SelectionSection extends VBox {

    private static final int MOST = 1_000_000;

    private final Workspace workspace;
    private final Texts texts;
    private final ImagesText words;
    private final WholeNumberField calibration;
    private final WholeNumberField evaluation;
    private final WholeNumberField seed;
    private final WholeNumberField batch;
    private final Label shortage = new Label();

    SelectionSection(Workspace workspace, ValidationSupport validation, Texts texts) {
        super(8);
        this.workspace = workspace;
        this.texts = texts;
        this.words = new ImagesText(texts);
        calibration = field("calibration", 1, MOST, validation, n -> new ImageSelection((int) n,
                now().evaluation(), now().seed(), now().batch()));
        evaluation = field("evaluation", 1, MOST, validation, n -> new ImageSelection(now().calibration(),
                (int) n, now().seed(), now().batch()));
        seed = field("seed", 0, Integer.MAX_VALUE, validation, n -> new ImageSelection(now().calibration(),
                now().evaluation(), n, now().batch()));
        batch = field("batch", 1, 4096, validation, n -> new ImageSelection(now().calibration(),
                now().evaluation(), now().seed(), (int) n));
        GridPane grid = new GridPane(10, 6);
        ColumnConstraints half = new ColumnConstraints();
        half.setPercentWidth(50);
        half.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(half, half);
        grid.addRow(0, labelled("calibration", calibration), labelled("evaluation", evaluation));
        grid.addRow(1, labelled("seed", seed), labelled("batch", batch));
        shortage.setId("image-shortage");
        shortage.getStyleClass().add("caution");
        shortage.setWrapText(true);
        getChildren().addAll(grid, shortage);
        workspace.imagesProperty().addListener((_, _, _) -> show());
        workspace.imageSelectionProperty().addListener((_, _, _) -> show());
        show();
    }

    private ImageSelection now() {
        return workspace.imageSelection();
    }

    private WholeNumberField field(String key, long min, long max, ValidationSupport validation,
                                   LongFunction<ImageSelection> with) {
        WholeNumberField field = new WholeNumberField(key, min, max, validation, texts,
                n -> workspace.setImageSelection(with.apply(n)));
        field.setTooltip(new Tooltip(texts.text("selection." + key + ".hint")));
        return field;
    }

    private VBox labelled(String key, WholeNumberField field) {
        Label label = new Label(texts.text("selection." + key));
        label.setLabelFor(field);
        label.getStyleClass().add("field-name");
        return new VBox(3, label, field);
    }

    private void show() {
        calibration.show(now().calibration());
        evaluation.show(now().evaluation());
        seed.show(now().seed());
        batch.show(now().batch());
        shortage.setText(workspace.images().map(i -> words.shortage(i, now())).orElse(""));
        shortage.setVisible(!shortage.getText().isEmpty());
        shortage.setManaged(!shortage.getText().isEmpty());
    }
}
