package quantscope.app.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.app.state.Choices;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.export.SpecificationJson;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;

class StateFileTest {

    @TempDir
    private Path folder;

    @Test
    void whatIsKeptIsRecalled() throws IOException {
        Remembered kept = new Remembered(Optional.of(Path.of("/m/a.onnx")), Optional.of(Path.of("/m/images")),
                Map.of(Path.of("/m/a.onnx"), new Choices(Specification.EMPTY.withPrecision("conv1",
                        Optional.of(Precision.INT8)), Optional.of(Preprocessing.imageNet(3, 64, 64)),
                        Optional.of(List.of("cat", "dog"))), Path.of("/m/b.pt2"), Choices.NONE), new ImageSelection(5, 6, 7, 8),
                List.of(Path.of("/m/a.onnx"), Path.of("/m/b.pt2")), true,
                Optional.of(new Remembered.WindowPlace(1, 2, 1000, 800, true)));
        StateFile file = new StateFile(folder.resolve("deeper"));
        file.keep(kept);
        assertEquals(kept, file.recall());
    }

    @Test
    void choicesOfTheFirstVersionAreThoseOfTheOpenModel() throws IOException {
        Path file = Files.writeString(folder.resolve("state.json"), """
                {"version": 1, "model": "/m/a.onnx", "selection": {"calibration": 5, "evaluation": 6, "seed": 7, "batch": 8},
                 "specification": %s}""".formatted(SpecificationJson.write(Specification.EMPTY.withPrecision("conv1",
                Optional.of(Precision.INT8)))));
        Remembered recalled = new StateFile(folder).recall();
        assertEquals(Optional.of(Precision.INT8), recalled.chosen().specification().choice("conv1").precision());
        assertEquals(recalled.chosen(), recalled.choices().get(Path.of("/m/a.onnx")));
        assertTrue(Files.exists(file));
    }

    @Test
    void nothingIsRememberedAtFirst() {
        assertEquals(Remembered.NOTHING, new StateFile(folder).recall());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"version\": 2}", "{\"version\": 1}", "null",
            "{\"version\": 1, \"specification\": {\"layers\": 3}}"})
    void anUnreadableFileIsSetAside(String content) throws IOException {
        Files.writeString(folder.resolve("state.json"), content);
        assertEquals(Remembered.NOTHING, new StateFile(folder).recall());
        assertFalse(Files.exists(folder.resolve("state.json")));
        assertTrue(Files.exists(folder.resolve("state.json.unreadable")));
    }

    @Test
    void stateBelongsWhereTheSystemHasIt() {
        assertEquals(Path.of("/x"), StateFile.folder(Map.of("quantscope.state", "/x"), Map.of()));
        assertEquals(Path.of("/h/.local/state/quantscope"),
                StateFile.folder(Map.of("user.home", "/h", "os.name", "Linux"), Map.of()));
        assertEquals(Path.of("/s/quantscope"), StateFile.folder(Map.of("user.home", "/h", "os.name", "Linux"),
                Map.of("XDG_STATE_HOME", "/s")));
        assertEquals(Path.of("/h/Library/Application Support/quantscope"),
                StateFile.folder(Map.of("user.home", "/h", "os.name", "Mac OS X"), Map.of()));
        assertEquals(Path.of("/a/quantscope"),
                StateFile.folder(Map.of("user.home", "/h", "os.name", "Windows 11"), Map.of("APPDATA", "/a")));
    }
}
