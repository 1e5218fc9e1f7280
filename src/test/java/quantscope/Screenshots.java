package quantscope;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.control.FileDialogs;
import quantscope.app.main.Assembly;
import quantscope.app.memory.Remembered;
import quantscope.app.memory.StateFile;
import quantscope.dataset.ImageSelection;

/**
 * Does the main job in the real window with the sample model and images, and takes the README's pictures on the way:
 * {@code mvn -q test-compile exec:exec@screenshots}. Needs no display.
 */
public final class Screenshots {

    private static final int PATIENCE_SECONDS = 120;

    private static final double WIDTH = 1440;
    private static final double HEIGHT = 920;

    private final Path into;
    private final Scene scene;

    private Screenshots(Path into, Scene scene) {
        this.into = into;
        this.scene = scene;
    }

    /** @param arguments the folder with the sample models, the folder for the pictures */
    public static void main(String[] arguments) throws Exception {
        Main.quietLog();
        Path state = Files.createTempDirectory("quantscope-screenshots");
        StateFile memory = new StateFile(state);
        memory.keep(new Remembered(Optional.empty(), Optional.empty(), Map.of(),
                ImageSelection.DEFAULT, List.of(), false,
                Optional.of(new Remembered.WindowPlace(0, 0, WIDTH, HEIGHT, false))));
        int exit = 1;
        try {
            Platform.startup(() -> { });
            Scene scene = fx(() -> {
                Stage stage = new Stage();
                new Assembly(Composition.session(), memory, stage, _ -> new NoDialogs())
                        .open(Optional.of(Path.of(arguments[0])), Optional.empty());
                return stage.getScene();
            });
            new Screenshots(Files.createDirectories(Path.of(arguments[1])), scene).take();
            exit = 0;
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            // Window and workers would keep a failed run alive.
            Runtime.getRuntime().exit(exit);
        }
    }

    private void take() throws Exception {
        await(() -> find("#tick-conv1").isPresent() && text("#tool-images").contains("300"));
        await(() -> find("#tool-run").map(run -> !run.isDisabled()).orElse(false));
        act("#tool-run", Button.class, Button::fire);
        await(() -> text("#drift-headline").contains("%"));
        await(() -> text("#self-check").contains("e-"));
        select("#inspector", "weight");
        await(() -> find("#weight-chart").isPresent());
        picture("graph-light");
        press("#tool-theme");
        picture("graph-dark");
        press("#tool-theme");
        press("#look-TABLE");
        act("#weight-view", ComboBox.class, view -> view.getSelectionModel().selectLast());
        picture("weights-light");
        select("#inspector", "output");
        press("#output-chart-log-true");
        picture("activations-light");
        select("#inspector", "settings");
        press("#look-GRAPH");
        act("#filter-ALL", ButtonBase.class, ButtonBase::fire);
        picture("drift-light");
        act("#tool-profile", MenuButton.class, menu -> menu.getItems().stream()
                .filter(i -> i.getId().equals("profile-onnxruntime-avx2")).findFirst().orElseThrow().fire());
        act("#tool-presets", MenuButton.class, menu -> menu.getItems().stream()
                .filter(i -> i.getId().equals("preset-EVERYTHING")).findFirst().orElseThrow().fire());
        act("#tool-run", Button.class, Button::fire);
        await(() -> text("#drift-profile").contains("ONNX Runtime"));
        select("#lower", "saturation");
        await(() -> find("#saturation-table").isPresent());
        picture("saturation-light");
    }

    private void press(String id) throws Exception {
        act(id, ButtonBase.class, ButtonBase::fire);
    }

    private void select(String tabs, String panel) throws Exception {
        act(tabs, TabPane.class, t -> t.getSelectionModel().select(t.getTabs().stream()
                .filter(tab -> tab.getId().equals("tab-" + panel)).findFirst().orElseThrow()));
    }

    private <T extends Node> void act(String id, Class<T> type, java.util.function.Consumer<T> what) throws Exception {
        await(() -> find(id).isPresent());
        fx(() -> {
            what.accept(type.cast(scene.lookup(id)));
            return id;
        });
    }

    private Optional<Node> find(String id) {
        return Optional.ofNullable(scene.lookup(id));
    }

    private String text(String id) {
        return find(id).map(n -> ((Labeled) n).getText()).orElse("");
    }

    private void await(BooleanSupplier condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS, () -> fx(condition::getAsBoolean));
    }

    private static <T> T fx(java.util.concurrent.Callable<T> work) {
        return WaitForAsyncUtils.waitForAsyncFx(PATIENCE_SECONDS * 1000L, work);
    }

    /** Waits until nothing moves and no thumbnail is missing: two pictures in a row are the same. */
    private void picture(String name) throws TimeoutException {
        Function<BufferedImage, int[]> pixels = p -> p.getRGB(0, 0, p.getWidth(), p.getHeight(), null, 0, p.getWidth());
        int[][] last = {new int[0]};
        BufferedImage[] picture = new BufferedImage[1];
        WaitForAsyncUtils.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS, () -> {
            WaitForAsyncUtils.waitForFxEvents(20);
            picture[0] = fx(() -> SwingFXUtils.fromFXImage(scene.snapshot(null), null));
            int[] now = pixels.apply(picture[0]);
            boolean still = java.util.Arrays.equals(now, last[0]);
            last[0] = now;
            return still;
        });
        try {
            ImageIO.write(picture[0], "png", into.resolve(name + ".png").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is opened or saved through a dialog here. */
    private static final class NoDialogs implements FileDialogs {

        @Override
        public Optional<Path> open(String title, String kind, String... extensions) {
            return Optional.empty();
        }

        @Override
        public Optional<Path> folder(String title) {
            return Optional.empty();
        }

        @Override
        public Optional<Path> save(String title, String name, String extension) {
            return Optional.empty();
        }

        @Override
        public boolean confirm(String title, String question, String yes) {
            return false;
        }
    }
}
