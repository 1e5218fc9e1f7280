package quantscope.app.drift;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.controlsfx.control.GridCell;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.text.Texts;
import quantscope.compare.Answer;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;

/** An image of the gallery: picture, both answers, the true class. A button, so that the keyboard reaches it. */
final class ImageCard extends GridCell<ImageComparison> {

    static final double WIDTH = 166;
    static final double HEIGHT = 166;
    private static final double PICTURE = 92;

    private final Thumbnails thumbnails;
    private final Function<ImageComparison, Path> file;
    private final IntFunction<String> className;
    private final Texts texts;
    private final ImageView picture = new ImageView();
    private final FontIcon placeholder = new FontIcon(Feather.IMAGE);
    private final Row fp32 = new Row();
    private final Row converted = new Row();
    private final Label truth = new Label();
    private final Button card = new Button();
    private Optional<ImageComparison> shown = Optional.empty();

    ImageCard(Thumbnails thumbnails, Function<ImageComparison, Path> file,
              IntFunction<String> className, Texts texts, BiConsumer<Node, ImageComparison> opened) {
        this.thumbnails = thumbnails;
        this.file = file;
        this.className = className;
        this.texts = texts;
        picture.setFitWidth(PICTURE);
        picture.setFitHeight(PICTURE);
        picture.setPreserveRatio(true);
        placeholder.getStyleClass().add("placeholder");
        StackPane frame = new StackPane(placeholder, picture);
        frame.getStyleClass().add("picture");
        frame.setMinHeight(PICTURE + 4);
        frame.setMaxHeight(PICTURE + 4);
        truth.getStyleClass().add("truth");
        VBox content = new VBox(2, frame, fp32, converted, truth);
        content.setMaxWidth(WIDTH - 16);
        content.setPrefWidth(WIDTH - 16);
        card.setGraphic(content);
        card.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
        card.getStyleClass().add("image-card");
        card.setPrefSize(WIDTH, HEIGHT);
        card.setMinSize(WIDTH, HEIGHT);
        card.setOnAction(_ -> shown.ifPresent(i -> opened.accept(card, i)));
    }

    @Override
    protected void updateItem(ImageComparison image, boolean empty) {
        super.updateItem(image, empty);
        shown = empty ? Optional.empty() : Optional.ofNullable(image);
        setGraphic(shown.isEmpty() ? null : card);
        shown.ifPresent(this::show);
    }

    private void show(ImageComparison image) {
        Outcome outcome = Outcome.of(image);
        for (Outcome o : Outcome.values()) {
            card.pseudoClassStateChanged(pseudoClass(o), o == outcome);
        }
        fp32.show(texts.text("card.fp32"), image.fp32());
        converted.show(texts.text("card.converted"), image.converted());
        truth.setText(image.label().isPresent()
                ? texts.text("card.truth", className.apply(image.label().getAsInt())) : "");
        card.setAccessibleText(texts.text("card.spoken", image.path(), className.apply(image.fp32().top1()),
                className.apply(image.converted().top1())));
        card.setTooltip(new Tooltip(image.path()));
        picture.setImage(null);
        placeholder.setVisible(true);
        thumbnails.show(file.apply(image), made -> {
            if (shown.filter(s -> s == image).isPresent()) {
                made.ifPresent(this::draw);
                placeholder.setVisible(made.isEmpty());
            }
        });
    }

    private void draw(Image made) {
        picture.setImage(made);
        picture.setSmooth(made.getWidth() > PICTURE);
    }

    static PseudoClass pseudoClass(Outcome outcome) {
        return PseudoClass.getPseudoClass(outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }

    /** Which network, its answer, how sure it is. */
    private final class Row extends HBox {

        private final Label network = new Label();
        private final Label answer = new Label();
        private final Label probability = new Label();

        Row() {
            super(5);
            setAlignment(Pos.BASELINE_LEFT);
            network.getStyleClass().add("network");
            network.setMinWidth(Region.USE_PREF_SIZE);
            answer.getStyleClass().add("answer");
            answer.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(answer, Priority.ALWAYS);
            probability.getStyleClass().add("probability");
            probability.setMinWidth(Region.USE_PREF_SIZE);
            getChildren().addAll(network, answer, probability);
        }

        void show(String name, Answer of) {
            network.setText(name);
            answer.setText(className.apply(of.top1()));
            probability.setText(DriftText.probability(of, 0));
        }
    }
}
