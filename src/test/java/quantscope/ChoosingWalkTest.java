package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.CheckBox;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Obstacles and their fixes; ticks, precisions, qconfigs and presets, with undo and redo. */
class ChoosingWalkTest extends WindowWalk {

    @Test
    void everyObstacleSaysWhyAndWhereAndIsMendedByOneClick() throws Exception {
        untilReady();
        openModel(SAMPLES.resolve("not-quantizable.pt2"));
        until("not-quantizable.pt2", () -> stage.getTitle().startsWith("not-quantizable.pt2"));
        untilShown("#badge-block1.add");
        assertEquals(List.of("block1.relu", "block1.add", "block1.relu@1", "block2.relu", "block2.add",
                "block2.relu@1"), blocked());
        press("#look-TABLE");
        type("#layer-filter", "block1.add");
        pressRow("block1.add");
        untilText(".obstacle-title", "In-place operation");
        List<String> inspector = read("#inspector");
        assertTrue(inspector.stream().anyMatch(t -> t.startsWith("Add overwrites its input (an in-place operator")),
                inspector.toString());
        assertTrue(inspector.stream().anyMatch(t -> t.startsWith("x + y is a function without a module")),
                inspector.toString());
        assertTrue(inspector.contains("models.py:221, in forward") && inspector.contains("out += identity"),
                inspector.toString());
        type("#layer-filter", "\b");
        int clicks = 0;
        while (!blocked().isEmpty() && clicks < 20) {
            type("#layer-filter", blocked().getFirst());
            pressRow(blocked().getFirst());
            List<String> before = offers();
            assertTrue(!before.isEmpty(), blocked().getFirst() + " has no fix: " + read("#inspector"));
            press("#" + before.getFirst());
            clicks++;
            until("the fix is no longer offered", () -> !offers().contains(before.getFirst()));
        }
        assertEquals(List.of(), blocked(), "after " + clicks + " fixes");
        press("#tool-presets");
        press("#preset-EVERYTHING");
        until("everything that can be is int8", () -> !text("#readiness").contains("Tick"));
        assertEquals("", notification());
        type("#layer-filter", "int8");
        until("the mended layers are int8", () -> rows("#layer-table").stream().map(r -> r.get(1)).toList()
                .containsAll(List.of("block1.add", "block1.conv1", "block2.conv2")));
    }

    /** Layers whose card warns, from top to bottom. */
    private List<String> blocked() {
        return fx(() -> lookup(".card-badge.blocking").queryAll().stream()
                .sorted(java.util.Comparator.comparingDouble(n -> n.localToScene(0, 0).getY()))
                .map(n -> n.getId().substring("badge-".length())).toList());
    }

    /** Ids of the buttons that mend what blocks. */
    private List<String> offers() {
        return fx(() -> {
            List<String> ids = new ArrayList<>();
            for (Node n : lookup("#inspector .button").queryAll()) {
                if (n instanceof ButtonBase && visible(n) && n.getId() != null && n.getId().startsWith("fix-")
                        && !n.getId().startsWith("fix-FUSE")) {
                    ids.add(n.getId());
                }
            }
            return ids;
        });
    }

    @Test
    void aTickPlacesStubsAndKeysUndoAndRedo() throws Exception {
        untilReady();
        tickConv1();
        assertEquals(List.of("QuantStub", "DeQuantStub"), fx(() -> lookup(".form-stub .card-name").queryAll().stream()
                .sorted(java.util.Comparator.comparingDouble(n -> n.localToScene(0, 0).getY()))
                .map(n -> ((javafx.scene.control.Labeled) n).getText()).toList()));
        until("conv1 is int8", () -> read("#card-conv1").contains("int8"));
        assertTrue(fx(() -> lookup("#tick-conv1").queryAs(CheckBox.class).isSelected()));
        shortcut(KeyCode.Z);
        until("no stub", () -> lookup(".form-stub").queryAll().isEmpty() && read("#card-conv1").contains("fp32"));
        shortcut(KeyCode.Y);
        until("stubs again", () -> lookup(".form-stub").queryAll().size() == 2);
        press("#precision-FP32");
        until("no stub", () -> lookup(".form-stub").queryAll().isEmpty());
    }

    @Test
    void aLayerTakesAnotherObserverAndTheDefaultAgain() throws Exception {
        untilReady();
        tickConv1();
        assertEquals("HistogramObserver", text("#qconfig-activation-kind"));
        press("#own-qconfig");
        press("#qconfig-activation-kind");
        press(menuItem("MinMaxObserver"));
        untilText("#qconfig-activation-kind", "MinMaxObserver");
        untilText("#qconfig-preset", "Own");
        press("#qconfig-preset");
        press(menuItem("qnnpack"));
        untilText("#qconfig-preset", "qnnpack");
        press("#own-qconfig");
        untilText("#qconfig-preset", "PyTorch default (fbgemm)");
        shortcut(KeyCode.Z);
        untilText("#qconfig-preset", "qnnpack");
    }

    private void press(java.util.function.Predicate<Node> which) throws Exception {
        until("a menu item", () -> lookup(which::test).queryAll().stream().anyMatch(WindowWalk::visible));
        clickOn(fx(() -> lookup(which::test).queryAll().stream().filter(WindowWalk::visible).findFirst().orElseThrow()));
    }

    /** The line of an open menu that says this. */
    private static java.util.function.Predicate<Node> menuItem(String says) {
        return n -> n.getStyleClass().contains("menu-item") && n.lookup(".label") instanceof
                javafx.scene.control.Labeled label && says.equals(label.getText());
    }

    @Test
    void presetsChooseForTheWholeModel() throws Exception {
        untilReady();
        openModel(SAMPLES.resolve("alexnet.pt2"));
        until("alexnet.pt2", () -> stage.getTitle().startsWith("alexnet.pt2"));
        untilShown("#card-fc8");
        preset("EVERYTHING");
        until("stubs everywhere", () -> lookup(".form-stub").queryAll().size() >= 2);
        long all = int8();
        assertTrue(all > 1, all + " int8 cards");
        preset("FIRST_AND_LAST_FP32");
        until("conv1 is fp32", () -> read("#card-conv1").contains("fp32"));
        preset("FIRST_ONLY");
        until("conv1 alone is int8", () -> read("#card-conv1").contains("int8") && int8() < all);
        assertEquals(2, fx(() -> lookup(".form-stub").queryAll().size()));
        preset("NOTHING");
        until("no stub", () -> lookup(".form-stub").queryAll().isEmpty() && int8() == 0);
        assertEquals("Tick a layer first", text("#readiness"));
    }

    private void preset(String preset) throws Exception {
        press("#tool-presets");
        press("#preset-" + preset);
    }

    private long int8() {
        return fx(() -> lookup(".graph-card.precision-int8").queryAll().size());
    }
}
