package quantscope.app.control;

import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Choosing;
import quantscope.app.text.Texts;
import quantscope.graph.SourceLine;
import quantscope.ptq.Fix;
import quantscope.ptq.Obstacle;

/** Obstacles of a layer: why, where in the user's own source, and a button for what mends it. */
public final class ObstacleList extends VBox {

    private final Choosing choosing;
    private final Texts texts = Texts.of("control");

    public ObstacleList(Choosing choosing, List<Obstacle> obstacles) {
        this.choosing = choosing;
        getStyleClass().add("obstacle-list");
        for (Obstacle obstacle : obstacles) {
            getChildren().add(item(obstacle));
        }
    }

    private VBox item(Obstacle obstacle) {
        FontIcon icon = new FontIcon(obstacle.blocking() ? Feather.ALERT_TRIANGLE : Feather.INFO);
        icon.getStyleClass().add(obstacle.blocking() ? "blocking" : "advice");
        Label title = new Label(texts.text("obstacle." + obstacle.kind()), icon);
        title.getStyleClass().add("obstacle-title");
        Label sentence = new Label(obstacle.sentence());
        sentence.setWrapText(true);
        sentence.getStyleClass().add("obstacle-sentence");
        sentence.setMinHeight(USE_PREF_SIZE);
        VBox item = new VBox(5, title, sentence);
        item.getStyleClass().add("obstacle");
        obstacle.source().ifPresent(line -> item.getChildren().add(source(line)));
        obstacle.fix().ifPresent(fix -> item.getChildren().add(fixButton(fix)));
        return item;
    }

    private VBox source(SourceLine line) {
        Label place = new Label(texts.text("obstacle.place", line.file(), Integer.toString(line.line()),
                line.function()));
        place.getStyleClass().add("source-place");
        Label code = new Label(line.text());
        code.getStyleClass().add("source-code");
        code.setMaxWidth(Double.MAX_VALUE);
        return line.text().isEmpty() ? new VBox(place) : new VBox(2, place, code);
    }

    private HBox fixButton(Fix fix) {
        Button button = new Button(choosing.describe(fix), new FontIcon(Feather.TOOL));
        button.setId("fix-" + fix.kind() + "-" + fix.layer());
        button.getStyleClass().addAll("small", "accent");
        button.setOnAction(_ -> choosing.applyFix(fix));
        return new HBox(button);
    }
}
