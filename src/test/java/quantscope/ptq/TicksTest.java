package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.quant.QConfig;

class TicksTest {

    @Test
    void tickMendsWhatBlocksTheLayerAndSaysSo() {
        Graph graph = Nets.notQuantizable();
        Ticks.Ticked ticked = Ticks.tick(graph, Specification.EMPTY, "relu@1", Precision.INT8);
        assertEquals(List.of(new Fix(FixKind.MAKE_UNIQUE, "relu@1"), new Fix(FixKind.MAKE_OUT_OF_PLACE, "relu@1")),
                ticked.applied());
        assertEquals(Precision.INT8, Prepare.run(graph, ticked.specification()).precisions().get("relu@1"));
        assertEquals(List.of(new Fix(FixKind.USE_FLOAT_FUNCTIONAL, "add")),
                Ticks.tick(graph, Specification.EMPTY, "add", Precision.INT8).applied());
    }

    @Test
    void tickDoesNotFuse() {
        assertTrue(Ticks.tick(Nets.xnor(), Specification.EMPTY, "conv1", Precision.INT8).applied().isEmpty());
    }

    @Test
    void untickGivesBackWhatWasThere() {
        Specification ticked = Ticks.tick(Nets.xnor(), Specification.EMPTY, "conv1", Precision.INT8).specification();
        assertEquals(Specification.EMPTY, Ticks.untick(ticked, "conv1"));
        assertEquals(Specification.EMPTY, Ticks.tick(Nets.xnor(), ticked, "conv1", Precision.FP32).specification());
    }

    @Test
    void fp32IsAChoiceForLayersThatFollowTheirNeighbours() {
        Specification chosen = Ticks.tick(Nets.xnor(), Specification.EMPTY, "pool1", Precision.FP32).specification();
        assertEquals(Optional.of(Precision.FP32), chosen.choice("pool1").precision());
    }

    @Test
    void impossiblePrecisionIsRefused() {
        Nets n = Nets.image("softmax");
        Graph graph = n.then("softmax", new Op.Softmax(1)).build();
        assertThrows(InvalidSpecificationException.class,
                () -> Ticks.tick(graph, Specification.EMPTY, "softmax", Precision.INT8));
        assertThrows(InvalidSpecificationException.class,
                () -> Ticks.tick(Nets.xnor(), Specification.EMPTY, "relu1", Precision.BINARY));
    }

    @Test
    void firstOnlyTicksTheFirstLayerWithAWeightAndNothingElse() {
        Specification before = Nets.int8("fc").withQConfig("fc", Optional.of(QConfig.QNNPACK));
        Specification after = Preset.FIRST_ONLY.apply(Nets.xnor(), before).specification();
        assertEquals(Optional.of("conv1"), Preset.firstLayer(Nets.xnor()));
        assertEquals(List.of("conv1"), Prepare.run(Nets.xnor(), after).int8Layers());
        assertEquals(QConfig.QNNPACK, after.qconfig("fc"));
    }

    @Test
    void everythingLeavesBinaryLayersBinaryAndMendsAndFusesTheRest() {
        Prepared xnor = Prepare.run(Nets.xnor(), Preset.EVERYTHING.apply(Nets.xnor(), Specification.EMPTY)
                .specification());
        assertEquals(Precision.BINARY, xnor.precisions().get("conv2"));
        assertEquals(List.of("conv1", "fc"), xnor.int8Layers());
        assertEquals(Map.of("bn1", "conv1", "relu1", "conv1"), xnor.fusedInto());
        Graph graph = Nets.notQuantizable();
        Prepared all = Prepare.run(graph, Preset.EVERYTHING.apply(graph, Specification.EMPTY).specification());
        assertTrue(all.obstacles().isEmpty(), all.obstacles().toString());
        assertEquals("quant_stem(x) stem(quant_stem) conv1(stem) bn1(conv1) relu(bn1) conv2(relu) bn2(conv2) "
                + "add(bn2,stem) relu@1(add) dequant_add(relu@1)", Nets.drawn(all.graph()));
    }

    @Test
    void firstAndLastStayFp32() {
        Graph graph = Nets.quantizable();
        Prepared inner = Prepare.run(graph, Preset.FIRST_AND_LAST_FP32.apply(graph, Specification.EMPTY)
                .specification());
        assertEquals(Precision.FP32, inner.precisions().get("stem"));
        assertEquals(Precision.FP32, inner.precisions().get("conv2"));
        assertEquals(Precision.INT8, inner.precisions().get("conv1"));
        assertEquals(Precision.FP32, inner.precisions().get("bn2"));
        Prepared xnor = Prepare.run(Nets.xnor(), Preset.FIRST_AND_LAST_FP32.apply(Nets.xnor(), Specification.EMPTY)
                .specification());
        assertEquals(List.of(), xnor.int8Layers());
    }

    @Test
    void nothingTakesBackPrecisionsAndFixes() {
        Specification all = Preset.EVERYTHING.apply(Nets.notQuantizable(), Specification.EMPTY).specification();
        assertFalse(all.fixes().isEmpty());
        Specification nothing = Preset.NOTHING.apply(Nets.notQuantizable(), all).specification();
        assertEquals(Specification.EMPTY, nothing);
        assertEquals(Set.of(), nothing.fixes());
    }
}
