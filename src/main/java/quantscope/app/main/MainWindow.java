package quantscope.app.main;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Choosing;
import quantscope.app.state.Readiness;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.app.theme.Theme;

/** The frame: toolbar, graph side, inspector, lower panels, status line; keys, drops and notifications for all. */
public final class MainWindow extends BorderPane {

    private final Workspace workspace;
    private final Runs runs;
    private final Actions actions;
    private final Texts texts = Texts.of("main");
    private final TabPane inspector = new TabPane();
    private final TabPane lower = new TabPane();
    private final NoticeBar notices = new NoticeBar();

    MainWindow(Workspace workspace, Choosing choosing, Runs runs, TaskRunner tasks, Actions actions, Recent recent,
               ObjectProperty<Theme> theme, GraphSide graphSide, List<Panel> inspectorPanels,
               List<Panel> lowerPanels) {
        this.workspace = workspace;
        this.runs = runs;
        this.actions = actions;
        getStyleClass().add("main-window");
        fill(inspector, inspectorPanels);
        inspector.setId("inspector");
        fill(lower, lowerPanels);
        lower.setId("lower");
        VBox right = new VBox(stale(), inspector);
        VBox.setVgrow(inspector, Priority.ALWAYS);
        SplitPane rows = new SplitPane(right, lower);
        rows.setOrientation(Orientation.VERTICAL);
        rows.setDividerPositions(0.56);
        SplitPane columns = new SplitPane(graphSide, rows);
        columns.setDividerPositions(0.36);
        graphSide.setMinWidth(400);
        rows.setMinWidth(480);
        SplitPane.setResizableWithParent(graphSide, false);
        setTop(new VBox(new Toolbar(workspace, choosing, runs, actions, recent, theme, () -> show("export")), notices));
        setCenter(columns);
        setBottom(new StatusLine(workspace, runs, tasks));
        addEventFilter(KeyEvent.KEY_PRESSED, this::pressed);
        acceptDrops();
        runs.results().comparisonProperty().addListener((_, _, now) -> now.ifPresent(_ -> show("drift")));
    }

    private static void fill(TabPane tabs, List<Panel> panels) {
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        for (Panel panel : panels) {
            Tab tab = new Tab(panel.title(), panel.content());
            tab.setId("tab-" + panel.id());
            tabs.getTabs().add(tab);
        }
    }

    /** Brings a panel to the front. */
    void show(String panel) {
        for (TabPane tabs : List.of(inspector, lower)) {
            tabs.getTabs().stream().filter(t -> t.getId().equals("tab-" + panel)).findFirst()
                    .ifPresent(tabs.getSelectionModel()::select);
        }
    }

    /** Says that what is shown belongs to earlier choices. */
    private Node stale() {
        Label text = new Label(texts.text("stale"), new FontIcon(Feather.CLOCK));
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        Button again = new Button(texts.text("stale.again"));
        again.setId("stale-again");
        again.getStyleClass().add("small");
        again.disableProperty().bind(runs.readinessProperty().map(r -> r != Readiness.READY));
        again.setOnAction(_ -> runs.calibrateAndCompare());
        HBox bar = new HBox(8, text, space, again);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.setId("stale");
        bar.getStyleClass().add("stale-bar");
        bar.visibleProperty().bind(runs.results().staleProperty());
        bar.managedProperty().bind(bar.visibleProperty());
        return bar;
    }

    /** Shows a problem without a modal box. */
    void notify(Problem problem) {
        notices.show(problem);
    }

    private void pressed(KeyEvent e) {
        if (matches(e, "Shortcut+O")) {
            actions.openModel();
        } else if (matches(e, "Shortcut+Shift+O")) {
            actions.chooseImages();
        } else if (matches(e, "Shortcut+Z")) {
            workspace.undo();
        } else if (matches(e, "Shortcut+Shift+Z") || matches(e, "Shortcut+Y")) {
            workspace.redo();
        } else if (matches(e, "Shortcut+Enter")) {
            runs.calibrateAndCompare();
        } else if (matches(e, "Shortcut+E")) {
            show("export");
        } else {
            return;
        }
        e.consume();
    }

    private static boolean matches(KeyEvent e, String keys) {
        // A text field keeps its own undo.
        boolean typing = e.getTarget() instanceof javafx.scene.control.TextInputControl;
        return !(typing && (keys.endsWith("Z") || keys.endsWith("Y"))) && KeyCombination.keyCombination(keys).match(e);
    }

    private void acceptDrops() {
        setOnDragOver(e -> {
            if (e.getDragboard().hasFiles() && actions.accepts(e.getDragboard().getFiles().stream()
                    .map(java.io.File::toPath).toList())) {
                e.acceptTransferModes(TransferMode.COPY);
            }
            e.consume();
        });
        setOnDragDropped(e -> {
            Optional<java.io.File> file = e.getDragboard().getFiles().stream().findFirst();
            file.map(java.io.File::toPath).ifPresent(actions::open);
            e.setDropCompleted(file.isPresent());
            e.consume();
        });
    }
}
