package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.Readers;
import quantscope.graph.Op;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.Shape;

class OnnxReaderTest {

    private static final long[] ONE = {1, 1, 1, 1};

    @TempDir
    Path folder;

    private Model read(TinyOnnx model) throws IOException, ModelFormatException {
        Path file = Files.write(folder.resolve("m.onnx"), model.bytes());
        return new OnnxReader().read(file, Progress.NONE, Cancellation.NEVER);
    }

    private void assertRefused(TinyOnnx model, String... said) {
        String message = assertThrows(ModelFormatException.class, () -> read(model)).getMessage();
        for (String part : said) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void cyclesAreNamed() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Add", "x c", "b").node("b", "Relu", "b", "c")
                .output("c"), "a (Add)", "b (Relu)", "depends on its own result", "export");
    }

    @Test
    void missingInputsAreNamed() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Add", "x ghost", "b").output("b"),
                "a (Add)", "ghost");
    }

    @Test
    void missingOutputsAreNamed() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").output("ghost").output("b"),
                "output ghost");
    }

    @Test
    void valuesMadeTwiceAreNamed() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").node("c", "Relu", "x", "b")
                .output("b"), "a (Relu)", "c (Relu)", "value b");
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        assertRefused(TinyOnnx.image("x", 1, 3, 4, 4).weights("w", ONE, 1).node("conv", "Conv", "x w", "y")
                .output("y"), "conv (Conv)", "3 channels", "export the model again");
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", new long[] {96, 3}, new float[288])
                .node("conv", "Conv", "x w", "y").output("y"), "conv (Conv)", "rank 2", "expected 4");
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", new long[] {1, 1, 9, 9}, new float[81])
                .node("conv", "Conv", "x w", "y").output("y"), "conv (Conv)", "larger than the padded input");
    }

    @Test
    void weightsThatAreNoNumbersAreNamedWithTheirPlace() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", new long[] {1, 1, 1, 2}, 1, Float.NaN)
                .node("conv", "Conv", "x w", "y").output("y"), "conv (Conv)", "w", "[0, 0, 0, 1]", "NaN");
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("k", ONE, Float.POSITIVE_INFINITY)
                .node("mul", "Mul", "x k", "y").output("y"), "mul (Mul)", "Infinity");
    }

    @Test
    void weightsOfAnotherSizeThanTheirShapeAreRefused() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", new long[] {2, 1, 1, 1}, 1)
                .node("conv", "Conv", "x w", "y").output("y"), "w", "4 bytes", "expected 8");
    }

    @Test
    void oldOperatorSetsAreRefused() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).opset(6).node("a", "Relu", "x", "y").output("y"),
                "operator set 6", "expected 7");
    }

    @Test
    void networksOfIntegersAreRefused() {
        assertRefused(new TinyOnnx().input("ids", 7, 1, 16).node("a", "Relu", "ids", "y").output("y"),
                "input ids", "floating-point");
    }

    @Test
    void negativeStridesAndPadsAreRefused() {
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", ONE, 1)
                .node("conv", "Conv", "x w", "y", TinyOnnx.ints("strides", 0, 1)).output("y"), "strides");
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", ONE, 1)
                .node("conv", "Conv", "x w", "y", TinyOnnx.ints("pads", 0, 0, -1, 0)).output("y"), "pads");
        assertRefused(TinyOnnx.image("x", 1, 1, 4, 4).weights("w", ONE, 1)
                .node("conv", "Conv", "x w", "y", TinyOnnx.integer("group", Long.MIN_VALUE)).output("y"), "group");
    }

    @Test
    void unknownOperatorsAreNamedAndTheRestIsShown() throws Exception {
        Model model = read(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").node("e", "Hardmax", "b", "c")
                .node("d", "Sigmoid", "c", "d").output("d"));
        Op.Unsupported hard = assertInstanceOf(Op.Unsupported.class, model.graph().node("e").op());
        assertEquals("Hardmax", hard.operator());
        assertEquals(List.of("x", "a", "e", "d"), model.graph().nodes().stream().map(n -> n.name()).toList());
        assertTrue(model.notes().stream().anyMatch(n -> n.startsWith("e (Hardmax) is not supported")),
                model.notes().toString());
    }

    @Test
    void openSizesAreChosenAndNoted() throws Exception {
        Model model = read(TinyOnnx.image("x", 0, 3, 0, 0).node("a", "Relu", "x", "b").output("b"));
        assertEquals(Shape.of(1, 3, 224, 224), model.graph().node("x").requireShape());
        assertTrue(model.notes().stream().anyMatch(n -> n.contains("height") && n.contains("224")));
    }

    @Test
    void severalInputsAreSeveralNodes() throws Exception {
        Model model = read(TinyOnnx.image("x", 1, 1, 4, 4).input("y", 1, 0, 1, 4, 4)
                .node("a", "Add", "x y", "b").output("b"));
        assertEquals(List.of("x", "y"), model.graph().inputs().stream().map(n -> n.name()).toList());
    }

    @Test
    void nodesOfOneNameStayApart() throws Exception {
        Model model = read(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").node("a", "Sigmoid", "b", "c")
                .output("c"));
        assertEquals(List.of("x", "a", "a_1"), model.graph().nodes().stream().map(n -> n.name()).toList());
    }

    @Test
    void operatorsThatLeadNowhereAreLeftOut() throws Exception {
        Model model = read(TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").node("dead", "Erf", "x", "c")
                .output("b"));
        assertTrue(model.graph().find("dead").isEmpty());
        assertTrue(model.notes().stream().anyMatch(n -> n.contains("1 operators")));
    }

    @Test
    void readingCanBeCalledOff() throws IOException {
        Path file = Files.write(folder.resolve("m.onnx"),
                TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").output("b").bytes());
        assertThrows(CancellationException.class,
                () -> new OnnxReader().read(file, Progress.NONE, () -> true));
    }

    @Test
    void filesAreKnownByNameAndByContent() throws IOException {
        byte[] bytes = TinyOnnx.image("x", 1, 1, 4, 4).node("a", "Relu", "x", "b").output("b").bytes();
        assertTrue(new OnnxReader().matches(Files.write(folder.resolve("without-name"), bytes)));
        assertTrue(new OnnxReader().matches(Files.write(folder.resolve("M.ONNX"), new byte[0])));
        assertFalse(new OnnxReader().matches(Files.writeString(folder.resolve("a.txt"), "no model")));
    }

    @Test
    void otherFilesAreRefusedWithWhatIsSupported() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "no model");
        Readers readers = new Readers(List.of(new OnnxReader()));
        for (Path file : List.of(text, folder, folder.resolve("absent.onnx"))) {
            assertThrows(ModelFormatException.class, () -> readers.open(file, Progress.NONE, Cancellation.NEVER));
        }
        String message = assertThrows(ModelFormatException.class,
                () -> readers.open(text, Progress.NONE, Cancellation.NEVER)).getMessage();
        assertTrue(message.contains("ONNX (.onnx)"), message);
    }
}
