package quantscope.format.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import quantscope.tensor.Shape;

class FitTest {

    private static final Architecture NET = Architecture.of("net", new Sketch("Net").conv("conv", 4, 3, 1, 1)
            .batchNorm("bn").relu("relu").avgPool(2).flatten(2).linear("fc", 0).layers());

    private static Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("conv.weight", Shape.of(4, 3, 3, 3));
        shapes.put("conv.bias", Shape.of(4));
        for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
            shapes.put("bn." + name, Shape.of(4));
        }
        shapes.put("bn.num_batches_tracked", Shape.of());
        shapes.put("fc.weight", Shape.of(10, 16));
        shapes.put("fc.bias", Shape.of(10));
        return shapes;
    }

    private static Map<String, Shape> changed(String name, int... dims) {
        Map<String, Shape> shapes = shapes();
        shapes.put(name, Shape.of(dims));
        return shapes;
    }

    @Test
    void theOriginalFits() {
        Fit fit = new Fit(NET, shapes());
        assertTrue(fit.perfect() && fit.originalWidths());
        Map<String, Shape> old = shapes();
        old.remove("bn.num_batches_tracked");
        assertTrue(new Fit(NET, old).perfect(), "files before PyTorch 0.4.1 have no num_batches_tracked");
    }

    @Test
    void otherWidthsFit() {
        Map<String, Shape> wide = shapes();
        wide.replaceAll((name, shape) -> shape.equals(Shape.of(4)) ? Shape.of(6) : shape);
        wide.put("conv.weight", Shape.of(6, 1, 3, 3));
        wide.put("fc.weight", Shape.of(7, 24));
        wide.put("fc.bias", Shape.of(7));
        Fit fit = new Fit(NET, wide);
        assertTrue(fit.perfect());
        assertFalse(fit.originalWidths());
    }

    @Test
    void differencesAreSaidInPyTorchsWords() {
        Map<String, Shape> shapes = changed("fc.weight", 10, 15);
        shapes.remove("bn.running_var");
        shapes.put("head.weight", Shape.of(1));
        assertEquals("missing keys: bn.running_var; unexpected keys: head.weight;"
                + " size mismatch: fc.weight is [10,15], expected [10,16]", new Fit(NET, shapes).differences());
        assertEquals(3, new Fit(NET, shapes).faults());
    }

    @Test
    void everyShapeIsHeldToTheOthers() {
        assertEquals("size mismatch: conv.weight is [4,3,5,5], expected [4,C,3,3]",
                new Fit(NET, changed("conv.weight", 4, 3, 5, 5)).differences());
        assertEquals("size mismatch: conv.weight is [4,3,3], expected [4,C,3,3]",
                new Fit(NET, changed("conv.weight", 4, 3, 3)).differences());
        assertEquals("size mismatch: bn.bias is [5], expected [4]", new Fit(NET, changed("bn.bias", 5)).differences());
        assertEquals("size mismatch: fc.bias is [9], expected [10]", new Fit(NET, changed("fc.bias", 9)).differences());
        assertFalse(new Fit(NET, changed("conv.weight", 0, 3, 3, 3)).perfect());
        assertFalse(new Fit(NET, changed("conv.weight", 4, 0, 3, 3)).perfect());
    }

    @Test
    void residualsMustBeAsWide() {
        Architecture residual = Architecture.of("residual", new Sketch("Net").conv("a", 2, 1, 1, 0)
                .conv("b", 2, 1, 1, 0).function("add", "", "Net", new Part.Add(), List.of("b", "a")).layers());
        Map<String, Shape> shapes = new LinkedHashMap<>(Map.of("a.weight", Shape.of(2, 3, 1, 1), "a.bias", Shape.of(2),
                "b.weight", Shape.of(3, 2, 1, 1), "b.bias", Shape.of(3)));
        assertEquals("size mismatch: add would add 3 channels to 2", new Fit(residual, shapes).differences());
    }
}
