package quantscope.app.drift;

import java.nio.file.Path;
import java.util.function.IntFunction;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.image.ImageView;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.PopOver;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.text.Texts;
import quantscope.compare.Answer;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;

/** One image large, with the five most probable classes of both networks. */
final class ImageDetail {

    private static final double PICTURE = 260;

    private final Thumbnails pictures;
    private final IntFunction<String> className;
    private final Texts texts;
    private final PopOver bubble = new PopOver();

    /** @param pictures large enough for this */
    ImageDetail(Thumbnails pictures, IntFunction<String> className, Texts texts) {
        this.pictures = pictures;
        this.className = className;
        this.texts = texts;
        bubble.setDetachable(false);
        bubble.setHeaderAlwaysVisible(true);
    }

    void show(Node owner, ImageComparison image, Path file) {
        bubble.setTitle(image.path());
        bubble.setContentNode(content(image, file));
        bubble.show(owner);
    }

    HBox content(ImageComparison image, Path file) {
        ImageView view = new ImageView();
        view.setFitWidth(PICTURE);
        view.setFitHeight(PICTURE);
        view.setPreserveRatio(true);
        FontIcon placeholder = new FontIcon(Feather.IMAGE);
        placeholder.getStyleClass().add("placeholder");
        StackPane frame = new StackPane(placeholder, view);
        frame.getStyleClass().add("picture");
        frame.setMinSize(PICTURE, PICTURE);
        frame.setMaxSize(PICTURE, PICTURE);
        pictures.show(file, made -> made.ifPresent(picture -> {
            view.setImage(picture);
            view.setSmooth(picture.getWidth() > PICTURE);
            placeholder.setVisible(false);
        }));
        Label outcome = new Label(texts.text("outcome." + Outcome.of(image)));
        outcome.getStyleClass().add("outcome");
        outcome.pseudoClassStateChanged(ImageCard.pseudoClass(Outcome.of(image)), true);
        Label truth = new Label(image.label().isPresent()
                ? texts.text("card.truth", className.apply(image.label().getAsInt())) : texts.text("detail.noLabel"));
        truth.getStyleClass().add("truth");
        VBox right = new VBox(10, new VBox(2, outcome, truth), answer(texts.text("detail.fp32"), image.fp32(), image),
                answer(texts.text("detail.converted"), image.converted(), image));
        HBox content = new HBox(14, frame, right);
        content.getStyleClass().add("image-detail");
        return content;
    }

    private VBox answer(String network, Answer answer, ImageComparison image) {
        Label heading = new Label(network);
        heading.getStyleClass().add("network-title");
        GridPane grid = new GridPane(8, 2);
        ColumnConstraints name = new ColumnConstraints(110, 110, 160);
        ColumnConstraints bar = new ColumnConstraints(80);
        bar.setHgrow(Priority.ALWAYS);
        grid.getColumnConstraints().addAll(name, bar);
        for (int place = 0; place < answer.top5().size(); place++) {
            int index = answer.top5().get(place);
            Label word = new Label(className.apply(index));
            word.getStyleClass().add(image.label().isPresent() && image.label().getAsInt() == index
                    ? "right" : "other");
            ProgressBar share = new ProgressBar(Math.clamp(answer.probabilities().get(place), 0, 1));
            share.getStyleClass().add("small");
            share.setMaxWidth(Double.MAX_VALUE);
            Label percent = new Label(DriftText.probability(answer, place));
            percent.getStyleClass().add("probability");
            grid.addRow(place, word, share, percent);
        }
        return new VBox(3, heading, grid);
    }
}
