package quantscope.app.main;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import java.util.List;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.control.Segments;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;

/** The left side: the model as a graph or as a table. */
final class GraphSide extends BorderPane {

    private enum Look { GRAPH, TABLE }

    private final Segments<Look> looks;

    GraphSide(Workspace workspace, Node graph, Node graphTools, Node table, Actions actions) {
        Texts texts = Texts.of("main");
        getStyleClass().add("graph-side");
        looks = new Segments<>("look", List.of(Look.values()), l -> texts.text("look." + l), look -> {
            showLook(look, graph, graphTools, table);
        });
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox bar = new HBox(8, looks, space, graphTools);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("side-bar");
        Button open = new Button(texts.text("open"), new FontIcon(Feather.FOLDER));
        open.getStyleClass().add("accent");
        open.setOnAction(_ -> actions.openModel());
        EmptyState empty = new EmptyState(Feather.SHARE_2, texts.text("empty.title"), texts.text("empty.hint"), open);
        empty.visibleProperty().bind(workspace.modelProperty().map(m -> m.isEmpty()));
        setTop(bar);
        setCenter(new StackPane(graph, table, empty));
        showLook(Look.GRAPH, graph, graphTools, table);
        empty.getStyleClass().add("covering");
    }

    private void showLook(Look look, Node graph, Node graphTools, Node table) {
        looks.show(look);
        graph.setVisible(look == Look.GRAPH);
        graphTools.setVisible(look == Look.GRAPH);
        table.setVisible(look == Look.TABLE);
        (look == Look.GRAPH ? graph : table).requestFocus();
    }
}
