package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static quantscope.ptq.ObstacleKind.FUNCTIONAL_ARITHMETIC;
import static quantscope.ptq.ObstacleKind.FUNCTIONAL_CALL;
import static quantscope.ptq.ObstacleKind.IN_PLACE;
import static quantscope.ptq.ObstacleKind.MODULE_USED_TWICE;
import static quantscope.ptq.ObstacleKind.NOT_FUSED;
import static quantscope.ptq.ObstacleKind.NO_INT8_KERNEL;
import static quantscope.ptq.ObstacleKind.UNSUPPORTED_OPERATOR;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.tensor.Shape;

class QuantizabilityTest {

    private static String found(Graph graph, Specification specification) {
        return Quantizability.obstacles(graph, specification).stream().map(o -> o.layer() + ":" + o.kind())
                .collect(Collectors.joining(" "));
    }

    private static List<ObstacleKind> on(Graph graph, Specification specification, String layer) {
        return Quantizability.obstacles(graph, specification).stream().filter(o -> o.layer().equals(layer))
                .map(Obstacle::kind).toList();
    }

    @Test
    void notQuantizableHasReusedInPlaceReluAndFunctionalAdd() {
        Graph graph = Nets.notQuantizable();
        assertEquals("conv1:NOT_FUSED relu:MODULE_USED_TWICE relu:IN_PLACE conv2:NOT_FUSED add:FUNCTIONAL_ARITHMETIC "
                + "relu@1:MODULE_USED_TWICE relu@1:IN_PLACE", found(graph, Specification.EMPTY));
        Obstacle twice = Quantizability.obstacles(graph, Specification.EMPTY).get(1);
        assertTrue(twice.blocking());
        assertTrue(twice.sentence().startsWith("Module relu (ReLU) is called 2 times, as relu, relu@1"),
                twice.sentence());
        assertEquals("x = self.relu(x)", twice.source().orElseThrow().text());
        assertEquals(Optional.of(new Fix(FixKind.MAKE_UNIQUE, "relu")), twice.fix());
    }

    @Test
    void quantizableHasNothingThatBlocks() {
        List<Obstacle> obstacles = Quantizability.obstacles(Nets.quantizable(), Specification.EMPTY);
        assertEquals(List.of("conv1", "conv2", "add"), obstacles.stream().map(Obstacle::layer).toList());
        assertTrue(obstacles.stream().allMatch(o -> o.kind() == NOT_FUSED && !o.blocking()));
    }

    @Test
    void everyOfferedFixMakesItsObstacleDisappearUntilNoneIsLeft() {
        Specification specification = Specification.EMPTY;
        Graph graph = Nets.notQuantizable();
        for (int step = 0; step < 20; step++) {
            List<Obstacle> obstacles = Quantizability.obstacles(graph, specification);
            if (obstacles.isEmpty()) {
                return;
            }
            Obstacle first = obstacles.getFirst();
            specification = specification.withFix(first.fix().orElseThrow());
            assertFalse(Quantizability.obstacles(graph, specification).contains(first), first.toString());
        }
        assertEquals("", found(graph, specification));
    }

    @Test
    void oneOfTwoCallsMadeUniqueFreesBoth() {
        Specification unique = Specification.EMPTY.withFix(new Fix(FixKind.MAKE_UNIQUE, "relu@1"));
        assertEquals(List.of(IN_PLACE), on(Nets.notQuantizable(), unique, "relu"));
        assertEquals(List.of(IN_PLACE), on(Nets.notQuantizable(), unique, "relu@1"));
    }

    @Test
    void ofThreeCallsTwoMustBeMadeUnique() {
        Nets n = Nets.image("three");
        Graph graph = n.then("relu", new Op.Relu(), Nets.module("relu", 0))
                .then("relu@1", new Op.Relu(), Nets.module("relu@1", 1))
                .then("relu@2", new Op.Relu(), Nets.module("relu@2", 2)).build();
        Specification one = Specification.EMPTY.withFix(new Fix(FixKind.MAKE_UNIQUE, "relu"));
        assertEquals("relu@1:MODULE_USED_TWICE relu@2:MODULE_USED_TWICE", found(graph, one));
        assertEquals("", found(graph, one.withFix(new Fix(FixKind.MAKE_UNIQUE, "relu@2"))));
    }

    @Test
    void layersThatShareAWeightAreOneModule() {
        Nets n = Nets.image("shared");
        Op.Conv2d conv = n.conv(3, 3, 3);
        Graph graph = n.then("a", conv).then("b", conv).build();
        assertEquals("a:MODULE_USED_TWICE b:MODULE_USED_TWICE", found(graph, Specification.EMPTY));
    }

    @Test
    void poolingUsedTwiceIsNoObstacle() {
        Nets n = Nets.image("pool");
        Graph graph = n.then("pool", n.pool(), Nets.module("pool", 0))
                .then("pool@1", n.pool(), Nets.module("pool@1", 1)).build();
        assertEquals("", found(graph, Specification.EMPTY));
    }

    @Test
    void arithmeticOfAFileWithoutModulesHasNoFloatFunctional() {
        Nets n = Nets.image("onnx");
        Graph graph = n.of("cat", new Op.Concat(1), Origin.of("cat", "Concat"), "x", "x")
                .of("mul", new Op.Mul(), Origin.of("mul", "Mul"), "cat", "cat").build();
        assertEquals("cat:FUNCTIONAL_ARITHMETIC mul:FUNCTIONAL_ARITHMETIC", found(graph, Specification.EMPTY));
        assertEquals("mul:FUNCTIONAL_ARITHMETIC",
                found(graph, Specification.EMPTY.withFix(new Fix(FixKind.USE_FLOAT_FUNCTIONAL, "cat"))));
    }

    @Test
    void functionalConvolutionBlocksButFunctionalReluOnlyCannotBeFused() {
        Nets n = Nets.image("functional");
        Graph graph = n.then("conv2d", n.conv(3, 3, 3), Nets.functional("conv2d"))
                .then("relu", new Op.Relu(), Nets.functional("relu")).build();
        List<Obstacle> obstacles = Quantizability.obstacles(graph, Specification.EMPTY);
        assertEquals(List.of(FUNCTIONAL_CALL, FUNCTIONAL_CALL), obstacles.stream().map(Obstacle::kind).toList());
        assertEquals(List.of(true, false), obstacles.stream().map(Obstacle::blocking).toList());
        Specification modules = Specification.EMPTY.withFix(obstacles.get(0).fix().orElseThrow())
                .withFix(obstacles.get(1).fix().orElseThrow());
        assertEquals("conv2d:NOT_FUSED", found(graph, modules));
    }

    @Test
    void operatorsWithoutInt8KernelSayThatTheyStayFp32() {
        Nets n = new Nets("kernels", 1, Shape.of(1, 4));
        Graph graph = n.then("fc", n.linear(4, 4)).then("drop", new Op.Dropout()).then("bn", n.norm(4))
                .then("softmax", new Op.Softmax(1)).build();
        assertEquals(List.of(NO_INT8_KERNEL), on(graph, Specification.EMPTY, "bn"));
        assertEquals(List.of(NO_INT8_KERNEL), on(graph, Specification.EMPTY, "softmax"));
        Obstacle softmax = Quantizability.obstacles(graph, Specification.EMPTY).getLast();
        assertFalse(softmax.blocking());
        assertEquals("Softmax has no int8 kernel in PyTorch: it stays fp32, and int8 neighbours get stubs.",
                softmax.sentence());
    }

    @Test
    void unsupportedOperatorIsNamedWithItsReason() {
        Nets n = Nets.image("strange");
        Graph graph = n.then("gelu", new Op.Unsupported("Gelu", "Gelu is not known here.", Optional.empty())).build();
        Obstacle obstacle = Quantizability.obstacles(graph, Specification.EMPTY).getFirst();
        assertEquals(UNSUPPORTED_OPERATOR, obstacle.kind());
        assertEquals("gelu (Gelu): Gelu is not known here. The model is shown but cannot run.", obstacle.sentence());
    }

    @Test
    void binaryLayersAreNoObstacleUnlessChosenAsInt8() {
        Nets n = Nets.image("binary");
        Graph graph = n.then("conv", n.binary(3, 4), Nets.functional("conv")).build();
        assertEquals("", found(graph, Specification.EMPTY));
        assertEquals("conv:FUNCTIONAL_CALL", found(graph, Nets.int8("conv")));
    }

    @Test
    void aReluThatOthersReadTooOrThatFollowsABranchIsNotFused() {
        Nets n = Nets.image("branch");
        Graph graph = n.then("conv", n.conv(3, 3, 3)).then("relu", new Op.Relu())
                .of("add", new Op.Add(), "conv", "relu").build();
        assertEquals("", found(graph, Specification.EMPTY));
        Nets m = Nets.image("output");
        assertEquals("", found(m.then("conv", m.conv(3, 3, 3)).then("relu", new Op.Relu()).build("relu", "conv"),
                Specification.EMPTY));
    }

    @Test
    void fusingTakesAnInPlaceReluAlong() {
        Nets n = Nets.image("inplace");
        Graph graph = n.then("conv", n.conv(3, 3, 3)).then("relu", new Op.Relu(), Nets.inPlace("relu", 0)).build();
        assertEquals("conv:NOT_FUSED relu:IN_PLACE", found(graph, Specification.EMPTY));
        assertEquals("", found(graph, Specification.EMPTY.withFix(new Fix(FixKind.FUSE, "conv"))));
    }

    @Test
    void inPlaceAdditionIsMendedByFloatFunctionalAlone() {
        Nets n = Nets.image("iadd");
        Origin origin = new Origin("add", "aten.add_", Nets.functional("add").module(), true, true, Optional.empty());
        Graph graph = n.of("add", new Op.Add(), origin, "x", "x").build();
        assertEquals("add:IN_PLACE add:FUNCTIONAL_ARITHMETIC", found(graph, Specification.EMPTY));
        assertEquals("", found(graph,
                Specification.EMPTY.withFix(new Fix(FixKind.USE_FLOAT_FUNCTIONAL, "add"))));
        assertEquals(List.of(FUNCTIONAL_ARITHMETIC),
                on(graph, Specification.EMPTY.withFix(new Fix(FixKind.MAKE_OUT_OF_PLACE, "add")), "add"));
    }

    @Test
    void batchNormWithReluIsAGroupOnlyWithoutAConvolutionBefore() {
        Nets n = Nets.image("bnrelu");
        Graph graph = n.then("pool", n.pool()).then("bn", n.norm(3)).then("relu", new Op.Relu()).build();
        assertEquals("bn:NOT_FUSED", found(graph, Specification.EMPTY));
        assertEquals(List.of(), on(Nets.xnor(), Specification.EMPTY, "bn1"));
        assertEquals(List.of(NOT_FUSED), on(Nets.xnor(), Specification.EMPTY, "conv1"));
        assertEquals(List.of(), on(Nets.notQuantizable(), Specification.EMPTY, "bn2"));
        assertTrue(on(Nets.notQuantizable(), Specification.EMPTY, "relu").contains(MODULE_USED_TWICE));
    }
}
