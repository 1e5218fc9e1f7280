package quantscope.app.main;

import java.nio.file.Path;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Separator;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Choosing;
import quantscope.app.state.Readiness;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskEntry;
import quantscope.app.text.Texts;
import quantscope.app.theme.Theme;
import quantscope.ptq.Preset;
import quantscope.quant.Profile;

/** The row of buttons on top: files, choices, the run. */
final class Toolbar extends HBox {

    private static final double NARROWEST_FOLDER = 90;
    private static final double WIDEST_FOLDER = 320;
    /** The icon and the arrow. */
    private static final double NARROWEST_PROFILE = 64;

    private final Workspace workspace;
    private final Choosing choosing;
    private final Runs runs;
    private final Actions actions;
    private final Texts texts = Texts.of("main");

    Toolbar(Workspace workspace, Choosing choosing, Runs runs, Actions actions, Recent recent,
            ObjectProperty<Theme> theme, Runnable showExport) {
        this.workspace = workspace;
        this.choosing = choosing;
        this.runs = runs;
        this.actions = actions;
        getStyleClass().add("main-toolbar");
        setAlignment(Pos.CENTER_LEFT);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        getChildren().addAll(open(recent), images(), separator(), presets(), profile(), undo(), redo(), space, hint(), run(),
                button("export", Feather.SHARE, texts.text("export"), showExport), theme(theme));
    }

    private static Node separator() {
        return new Separator(Orientation.VERTICAL);
    }

    private SplitMenuButton open(Recent recent) {
        SplitMenuButton button = new SplitMenuButton();
        button.setText(texts.text("open"));
        button.setGraphic(new FontIcon(Feather.FOLDER));
        describe(button, "open");
        button.setOnAction(_ -> actions.openModel());
        Runnable fill = () -> {
            button.getItems().clear();
            MenuItem configuration = new MenuItem(texts.text("openConfiguration"), new FontIcon(Feather.FILE_TEXT));
            configuration.setId("open-configuration");
            configuration.setOnAction(_ -> actions.openConfiguration());
            button.getItems().addAll(configuration, new SeparatorMenuItem());
            recent.files().forEach(file -> button.getItems().add(recentItem(file)));
            if (recent.files().isEmpty()) {
                MenuItem none = new MenuItem(texts.text("recent.none"));
                none.setDisable(true);
                button.getItems().add(none);
            }
        };
        recent.files().addListener((ListChangeListener<Path>) _ -> fill.run());
        fill.run();
        return button;
    }

    private MenuItem recentItem(Path file) {
        Path folder = file.getParent();
        MenuItem item = new MenuItem(file.getFileName() + (folder == null ? "" : "   " + folder));
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> workspace.open(file));
        return item;
    }

    private Button images() {
        Button button = button("images", Feather.IMAGE, "", actions::chooseImages);
        button.textProperty().bind(workspace.imagesProperty().map(set -> set.map(i -> texts.text("images.folder",
                String.valueOf(i.root().getFileName()), i.items().size())).orElse(texts.text("images.none"))));
        button.setMnemonicParsing(false);
        // A folder may have any name; the other buttons must stay in the window.
        button.setMinWidth(NARROWEST_FOLDER);
        button.setMaxWidth(WIDEST_FOLDER);
        return button;
    }

    private MenuButton presets() {
        MenuButton menu = new MenuButton(texts.text("presets"), new FontIcon(Feather.SLIDERS));
        describe(menu, "presets");
        menu.disableProperty().bind(workspace.modelProperty().map(Optional::isEmpty));
        Runnable fill = () -> {
            menu.getItems().clear();
            for (Preset preset : Preset.values()) {
                MenuItem item = new MenuItem(choosing.describe(preset));
                item.setId("preset-" + preset);
                item.setMnemonicParsing(false);
                item.setOnAction(_ -> choosing.apply(preset));
                menu.getItems().add(item);
            }
        };
        workspace.modelProperty().addListener((_, _, _) -> fill.run());
        fill.run();
        return menu;
    }

    /** Where the network will run. */
    private MenuButton profile() {
        MenuButton menu = new MenuButton("", new FontIcon(Feather.CPU));
        describe(menu, "profile");
        menu.setMinWidth(NARROWEST_PROFILE);
        menu.disableProperty().bind(workspace.modelProperty().map(Optional::isEmpty));
        ToggleGroup group = new ToggleGroup();
        for (Profile profile : Profile.values()) {
            RadioMenuItem item = new RadioMenuItem(choosing.describe(profile) + "   " + choosing.explain(profile));
            item.setId("profile-" + profile.id());
            item.setToggleGroup(group);
            item.setMnemonicParsing(false);
            item.setUserData(profile);
            item.setOnAction(_ -> choosing.setProfile(profile));
            menu.getItems().add(item);
        }
        Runnable show = () -> {
            Profile chosen = workspace.specification().profile();
            menu.setText(choosing.describe(chosen));
            group.getToggles().stream().filter(t -> t.getUserData() == chosen).forEach(group::selectToggle);
        };
        workspace.history().currentProperty().addListener((_, _, _) -> show.run());
        show.run();
        return menu;
    }

    private Button undo() {
        return step("undo", Feather.CORNER_UP_LEFT, workspace.history().undoableProperty(), workspace::undo);
    }

    private Button redo() {
        return step("redo", Feather.CORNER_UP_RIGHT, workspace.history().redoableProperty(), workspace::redo);
    }

    private Button step(String key, Feather icon, ObservableValue<Optional<String>> what, Runnable action) {
        Button button = button(key, icon, "", action);
        button.getStyleClass().addAll("button-icon", "flat");
        button.disableProperty().bind(what.map(Optional::isEmpty));
        button.getTooltip().textProperty().bind(what.map(w -> w.map(d -> texts.text(key + ".step", d))
                .orElse(texts.text(key + ".tip"))));
        return button;
    }

    private Label hint() {
        Label hint = new Label();
        hint.setId("readiness");
        hint.setMinWidth(0);
        hint.getStyleClass().add("readiness");
        hint.textProperty().bind(runs.readinessProperty().map(this::hintText));
        return hint;
    }

    private String hintText(Readiness readiness) {
        return switch (readiness) {
            case READY, BUSY -> "";
            case NO_MODEL, UNSUPPORTED, NO_IMAGES, INVALID_PREPROCESSING, NOTHING_CHOSEN ->
                    texts.text("readiness." + readiness);
        };
    }

    /** One button: starts, and while it runs calls off. */
    private Button run() {
        Button button = button("run", Feather.PLAY, texts.text("run"), () -> runs.calibratingProperty().get()
                .ifPresentOrElse(TaskEntry::cancel, runs::calibrateAndCompare));
        button.getStyleClass().add("accent");
        runs.readinessProperty().addListener((_, _, now) -> showRun(button, now));
        showRun(button, runs.readiness());
        return button;
    }

    private void showRun(Button button, Readiness readiness) {
        boolean busy = readiness == Readiness.BUSY;
        button.setText(texts.text(busy ? "cancel" : "run"));
        button.setGraphic(new FontIcon(busy ? Feather.X : Feather.PLAY));
        button.setDisable(!busy && readiness != Readiness.READY);
        button.getStyleClass().removeAll("accent");
        if (!busy) {
            button.getStyleClass().add("accent");
        }
    }

    private Button theme(ObjectProperty<Theme> theme) {
        Button button = button("theme", Feather.MOON, "", () -> theme.set(theme.get().other()));
        button.getStyleClass().addAll("button-icon", "flat");
        button.graphicProperty().bind(theme.map(t -> new FontIcon(t == Theme.DARK ? Feather.SUN : Feather.MOON)));
        return button;
    }

    private Button button(String key, Feather icon, String text, Runnable action) {
        Button button = new Button(text, new FontIcon(icon));
        describe(button, key);
        button.setOnAction(_ -> action.run());
        return button;
    }

    private void describe(ButtonBase button, String key) {
        button.setId("tool-" + key);
        button.setTooltip(new Tooltip(texts.text(key + ".tip")));
        button.setMinWidth(USE_PREF_SIZE);
    }
}
