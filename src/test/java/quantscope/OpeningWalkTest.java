package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** Starting, opening models, and finding the way in the graph. */
class OpeningWalkTest extends WindowWalk {

    @Test
    void theWindowStartsWithSampleImagesAndConv1() throws Exception {
        untilReady();
        assertEquals("alexnet-xnor.pt2 – Quantscope", fx(stage::getTitle));
        assertEquals("images  ·  300 images", text("#tool-images"));
        assertEquals("Tick a layer first", text("#readiness"));
        assertEquals(List.of("conv1", "fp32", "Conv2d  ·  48 × 32 × 32", "7.10 k params  ·  7.23 M MACs"),
                read("#card-conv1").stream().filter(t -> !t.matches("\\d+")).toList());
        assertTrue(read("#inspector").contains("conv1"), read("#inspector").toString());
        assertTrue(read("#inspector").contains("Conv2d  ·  output 48 × 32 × 32  ·  7.10 k parameters  ·  7.23 M MACs"),
                read("#inspector").toString());
    }

    @Test
    void modelsOfBothFormatsOpenAndAnUnknownOperatorIsNamedAmongTheRest() throws Exception {
        untilReady();
        openModel(SAMPLES.resolve("alexnet.onnx"));
        until("alexnet.onnx", () -> stage.getTitle().startsWith("alexnet.onnx"));
        untilShown("#card-conv1");
        assertTrue(read("#status").toString().contains("alexnet.onnx  ·  ONNX"), read("#status").toString());
        openModel(SAMPLES.resolve("alexnet-xnor.onnx"));
        until("alexnet-xnor.onnx", () -> stage.getTitle().startsWith("alexnet-xnor.onnx")
                && read("#card-conv2").contains("binary"));
        assertEquals("One note on the file", text("#model-notes"));
        press("#look-TABLE");
        type("#layer-filter", "binary");
        until("seven binary layers", () -> rows("#layer-table").size() == 7);
        assertEquals(List.of("conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"),
                rows("#layer-table").stream().map(r -> r.get(1)).toList());
        type("#layer-filter", "\b");
        press("#look-GRAPH");
        openModel(SAMPLES.resolve("residual.pt2"));
        until("residual.pt2", () -> stage.getTitle().startsWith("residual.pt2"));
        until("cards of branches", () -> lookup(".graph-card").queryAll().size() > 20);
        openModel(Path.of("src/test/resources/golden/onnx/unsupported/model.onnx"));
        untilShown("#card-hard");
        assertEquals("The model has an operator that cannot run", text("#readiness"));
        until("both are named", () -> notification().contains("hard (Hardmax) is not supported")
                && notification().contains("top (TopK) is not supported"));
        assertTrue(read("#card-hard").getFirst().equals("hard") && read("#card-hard").toString().contains("Hardmax"),
                read("#card-hard").toString());
        assertTrue(find("#card-conv2").isPresent() && find("#card-relu").isPresent());
        press("#badge-hard");
        untilText(".obstacle-title", "Operator not supported");
        assertEquals("hard (Hardmax): the program does not know this operator. The model is shown but cannot run.",
                text(".obstacle-sentence"));
    }

    @Test
    void weightsOfAKnownNetworkOpen() throws Exception {
        untilReady();
        openModel(Path.of("src/test/resources/golden/checkpoint/xnor-alexnet.pth.tar"));
        until("the checkpoint", () -> stage.getTitle().startsWith("xnor-alexnet.pth.tar"));
        untilShown("#card-features.4.conv");
        assertTrue(read("#card-features.4.conv").contains("binary"), read("#card-features.4.conv").toString());
        assertTrue(read("#status").toString().contains("XNOR-Net-PyTorch AlexNet"), read("#status").toString());
        assertEquals("227", text("#crop-height"));
    }

    @Test
    void aQuantizedModelShowsItsScalesAndOffersNothingToChoose() throws Exception {
        untilReady();
        openModel(Path.of("src/test/resources/golden/onnx-quantized/qoperator-u8s8/model.onnx"));
        untilShown("#card-conv1_quant");
        assertTrue(read("#card-conv1_quant").contains("int8"), read("#card-conv1_quant").toString());
        assertTrue(find("#tick-conv1_quant").isEmpty());
        until("its scales", () -> read("#inspector").stream().anyMatch(t -> t.startsWith("Int8 in the model file")
                && t.contains("output quint8, scale 0.0") && t.contains("weight qint8, 8 scales")));
        press("#look-TABLE");
        until("rows", () -> rows("#layer-table").size() > 10);
        List<String> row = rows("#layer-table").stream().filter(r -> r.contains("pointwise_quant")).findFirst().orElseThrow();
        assertTrue(row.contains("66") && row.contains("int8"), row.toString());
    }

    @Test
    void preprocessingAndClassNamesComeFromTheFileAndCanBeEdited() throws Exception {
        untilReady();
        assertEquals("From the model file", text("#preprocessing-source"));
        assertEquals("72", text("#resize"));
        assertEquals("64", text("#crop-height"));
        type("#resize", "80");
        untilText("#preprocessing-source", "Edited");
        type("#resize", "8");
        untilText("#preprocessing-invalid", "Resize: a whole number not smaller than the crop");
        press("#preprocessing-reset");
        untilText("#preprocessing-source", "From the model file");
        assertEquals("72", text("#resize"));
        assertEquals("10 class names", text("#class-names-pane"));
    }

    @Test
    void theGraphZoomsPansFitsAndSharesItsSelectionWithTheTable() throws Exception {
        untilReady();
        Bounds before = place("#card-conv1");
        press("#graph-zoomIn");
        until("larger cards", () -> place("#card-conv1").getWidth() > before.getWidth() * 1.2);
        press("#graph-fit");
        until("the whole graph in its pane", () -> {
            Bounds pane = place("#graph");
            return pane.contains(place("#card-conv1")) && pane.contains(place("#card-fc8"));
        });
        press("#graph-actual");
        untilText(".zoom-label", "100%");
        Bounds still = place("#card-conv1");
        drag("#graph").dropBy(0, -60);
        until("the graph has moved", () -> Math.abs(still.getMinY() - 60 - place("#card-conv1").getMinY()) < 8);
        press("#graph");
        type(KeyCode.HOME).type(KeyCode.DOWN).type(KeyCode.DOWN).type(KeyCode.DOWN).type(KeyCode.DOWN);
        until("pool1 is selected", () -> read("#inspector").contains("pool1"));
        press("#look-TABLE");
        until("the row of pool1 is selected", () -> find("#layer-table .table-row-cell:selected").isPresent());
        List<String> row = rows("#layer-table").get(3);
        assertEquals("pool1", row.get(1));
        assertTrue(row.contains("48 × 15 × 15") && row.contains("MaxPool2d") && row.contains("fp32"), row.toString());
        type(KeyCode.DOWN);
        until("bn2 is selected", () -> read("#inspector").contains("bn2"));
        press("#look-GRAPH");
        assertFalse(fx(() -> lookup("#card-bn2").query().getPseudoClassStates().stream()
                .noneMatch(p -> p.getPseudoClassName().equals("selected"))));
    }
}
