package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.quant.QConfig;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class PrepareTest {

    private static String drawn(Graph graph, Specification specification) {
        return Nets.drawn(Prepare.run(graph, specification).graph());
    }

    @Test
    void nothingChosenLeavesTheGraphAsItIs() {
        Graph graph = Nets.xnor();
        Prepared prepared = Prepare.run(graph, Specification.EMPTY);
        assertEquals(Nets.drawn(graph), Nets.drawn(prepared.graph()));
        graph.nodes().forEach(n -> assertSame(n.op(), prepared.graph().node(n.name()).op()));
        assertTrue(prepared.observers().isEmpty());
        assertEquals(Precision.BINARY, prepared.precisions().get("conv2"));
    }

    @Test
    void oneTickedLayerGetsAStubOnEitherSide() {
        Prepared prepared = Prepare.run(Nets.xnor(), Nets.int8("conv1"));
        assertTrue(Nets.drawn(prepared.graph()).startsWith("quant_conv1(x) conv1(quant_conv1) dequant_conv1(conv1) "
                + "bn1(dequant_conv1) relu1(bn1)"), Nets.drawn(prepared.graph()));
        assertEquals(List.of("quant_conv1", "conv1"), prepared.observers().stream().map(ObserverPoint::node).toList());
        assertEquals(List.of("conv1"), prepared.int8Layers());
        assertEquals("conv1", prepared.comparable().get("conv1"));
    }

    @Test
    void fusedGroupIsObservedBehindItsReluAndKeepsItsNames() {
        Specification fused = Nets.int8("conv1").withFix(new Fix(FixKind.FUSE, "conv1"));
        Graph source = Nets.xnor();
        Prepared prepared = Prepare.run(source, fused);
        assertTrue(Nets.drawn(prepared.graph()).startsWith("quant_conv1(x) conv1(quant_conv1) bn1(conv1) relu1(bn1) "
                + "dequant_conv1(relu1) pool1(dequant_conv1)"), Nets.drawn(prepared.graph()));
        assertEquals(Map.of("bn1", "conv1", "relu1", "conv1"), prepared.fusedInto());
        assertInstanceOf(Op.Identity.class, prepared.graph().node("bn1").op());
        assertInstanceOf(Op.Relu.class, prepared.graph().node("relu1").op());
        assertEquals(new ObserverPoint("conv1", QConfig.FBGEMM, "relu1"), prepared.observers().get(1));
        assertEquals("relu1", prepared.comparable().get("conv1"));
        assertEquals("relu1", prepared.valueNode("conv1"));
        assertEquals("relu1", prepared.valueNode("bn1"));
        assertEquals("pool1", prepared.valueNode("pool1"));
        assertEquals(Precision.INT8, prepared.precisions().get("relu1"));
    }

    @Test
    void fuseChosenOnAnFp32LayerChangesNoBit() {
        Specification fused = Specification.EMPTY.withFix(new Fix(FixKind.FUSE, "conv1"));
        Graph source = Nets.xnor();
        assertSame(source.node("conv1").op(), Prepare.run(source, fused).graph().node("conv1").op());
    }

    @Test
    void foldedWeightRoundsAsPyTorchDoes() {
        // variance 1.5 and eps 0: rsqrt is 0.81649655, not the correctly rounded 0.8164966
        Op.Conv2d conv = new Op.Conv2d(FloatTensor.of(Shape.of(1, 1, 1, 1), 3f), Optional.of(FloatTensor.vector(2f)),
                quantscope.graph.ConvGeometry.of(1, 0));
        Op.BatchNorm2d norm = new Op.BatchNorm2d(FloatTensor.vector(1f), FloatTensor.vector(0.5f),
                FloatTensor.vector(1f), FloatTensor.vector(1.5f), 0f);
        Op.Conv2d folded = FoldBatchNorm.fold(conv, norm);
        assertArrayEquals(new float[] {3f * 0.81649655f}, folded.weight().data());
        assertArrayEquals(new float[] {0.81649655f + 0.5f}, folded.bias().orElseThrow().data());
    }

    @Test
    void neighboursShareARegionThroughLayersThatOnlyMoveValues() {
        Nets n = Nets.image("chain");
        Graph graph = n.then("a", n.conv(3, 4, 3)).then("relu", new Op.Relu()).then("pool", n.pool())
                .then("b", n.conv(4, 4, 3)).then("end", new Op.Relu()).build();
        assertEquals("quant_a(x) a(quant_a) relu(a) pool(relu) b(pool) dequant_b(b) end(dequant_b)",
                drawn(graph, Nets.int8("a", "b")));
        assertEquals("quant_a(x) a(quant_a) dequant_a(a) relu(dequant_a) pool(relu) b(pool) end(b)",
                drawn(graph, Nets.int8("a")));
    }

    @Test
    void explicitChoiceWinsOverTheNeighbours() {
        Nets n = Nets.image("explicit");
        Graph graph = n.then("a", n.conv(3, 4, 3)).then("pool", n.pool()).then("b", n.conv(4, 4, 3)).build();
        assertEquals("quant_a(x) a(quant_a) dequant_a(a) pool(dequant_a) quant_b(pool) b(quant_b) dequant_b(b)",
                drawn(graph, Nets.int8("a", "b").withPrecision("pool", Optional.of(Precision.FP32))));
        assertEquals("a(x) quant_pool(a) pool(quant_pool) dequant_pool(pool) b(dequant_pool)",
                drawn(graph, Nets.int8("pool")));
    }

    @Test
    void residualBranchInt8OnBothSidesHasStubsOnlyAtTheEnds() {
        assertEquals("quant_stem(x) stem(quant_stem) conv1(stem) bn1(conv1) relu1(bn1) conv2(relu1) bn2(conv2) "
                + "add(bn2,stem) dequant_add(add) relu2(dequant_add)",
                drawn(Nets.quantizable(), Nets.int8("stem", "conv1", "bn1", "conv2", "bn2", "add")));
    }

    @Test
    void everyEdgeOfAnFp32SkipConnectionGetsItsOwnStub() {
        assertEquals("quant_stem(x) stem(quant_stem) conv1(stem) dequant_conv1(conv1) bn1(dequant_conv1) relu1(bn1) "
                + "conv2(relu1) bn2(conv2) dequant_stem(stem) add(bn2,dequant_stem) relu2(add)",
                drawn(Nets.quantizable(), Nets.int8("stem", "conv1")));
        assertEquals("stem(x) conv1(stem) bn1(conv1) relu1(bn1) conv2(relu1) bn2(conv2) quant_add(bn2) "
                + "quant_add_1(stem) add(quant_add,quant_add_1) dequant_add(add) relu2(dequant_add)",
                drawn(Nets.quantizable(), Nets.int8("add")));
    }

    @Test
    void oneQuantStubServesAllInt8ReadersAndOneDeQuantStubAllOthers() {
        Nets n = Nets.image("shared");
        Graph graph = n.of("a", n.conv(3, 3, 3), "x").of("b", n.conv(3, 3, 3), "x").of("c", n.conv(3, 3, 3), "x")
                .of("lrn", new Op.LocalResponseNorm(3, 1, 1, 1), "a").of("cat", new Op.Concat(1), "a", "b", "c", "lrn")
                .build();
        assertEquals("quant_a(x) a(quant_a) b(quant_a) c(x) dequant_a(a) lrn(dequant_a) dequant_b(b) "
                + "cat(dequant_a,dequant_b,c,lrn)", drawn(graph, Nets.int8("a", "b")));
        assertEquals("a(x) b(x) c(x) lrn(a) quant_cat(a) quant_cat_1(b) quant_cat_2(c) quant_cat_3(lrn) "
                + "cat(quant_cat,quant_cat_1,quant_cat_2,quant_cat_3) dequant_cat(cat)", drawn(graph, Nets.int8("cat")));
    }

    @Test
    void aValueMoverWithInt8AndFp32ReadersStaysInt8() {
        Nets n = Nets.image("mixed");
        Graph graph = n.then("a", n.conv(3, 3, 3)).then("relu", new Op.Relu()).of("b", n.conv(3, 3, 3), "relu")
                .of("c", n.conv(3, 3, 3), "relu").build("b", "c");
        Prepared prepared = Prepare.run(graph, Nets.int8("a", "b"));
        assertEquals("quant_a(x) a(quant_a) relu(a) b(relu) dequant_relu(relu) c(dequant_relu) dequant_b(b)",
                Nets.drawn(prepared.graph()));
        assertEquals(List.of("dequant_b", "c"), prepared.graph().outputs());
    }

    @Test
    void stubTakesTheQConfigOfItsFirstReaderAndNamesStayUnique() {
        Nets n = Nets.image("names");
        Graph graph = n.then("quant_layer1_0", new Op.Identity()).then("layer1.0", n.conv(3, 3, 3)).build();
        Specification specification = Nets.int8("layer1.0").withQConfig("layer1.0", Optional.of(QConfig.QNNPACK));
        Prepared prepared = Prepare.run(graph, specification);
        assertEquals(new ObserverPoint("quant_layer1_0_1", QConfig.QNNPACK), prepared.observers().getFirst());
    }

    @Test
    void blockedLayersStayFp32WithTheirObstacle() {
        Prepared prepared = Prepare.run(Nets.notQuantizable(), Nets.int8("add", "conv2", "relu"));
        assertEquals(Precision.FP32, prepared.precisions().get("add"));
        assertEquals(Precision.FP32, prepared.precisions().get("relu"));
        assertEquals(Precision.INT8, prepared.precisions().get("conv2"));
        assertEquals(ObstacleKind.FUNCTIONAL_ARITHMETIC, prepared.obstacles("add").getFirst().kind());
    }

    @Test
    void binaryNeighboursReadDequantizedValues() {
        Nets n = Nets.image("binary");
        Graph graph = n.then("a", n.conv(3, 4, 3)).then("bin", n.binary(4, 4)).then("b", n.conv(4, 4, 3)).build();
        assertEquals("quant_a(x) a(quant_a) dequant_a(a) bin(dequant_a) quant_b(bin) b(quant_b) dequant_b(b)",
                drawn(graph, Nets.int8("a", "b")));
    }

    @Test
    void binaryLayerAsInt8IsSignThenStubThenConvolutionWithTheSameWeights() {
        Prepared prepared = Prepare.run(Nets.xnor(), Nets.int8("conv2"));
        assertTrue(Nets.drawn(prepared.graph()).contains("sign_conv2(bn2) quant_conv2(sign_conv2) conv2(quant_conv2) "
                + "dequant_conv2(conv2) relu2(dequant_conv2)"), Nets.drawn(prepared.graph()));
        Op.BinaryConv2d binary = (Op.BinaryConv2d) Nets.xnor().node("conv2").op();
        assertArrayEquals(binary.weight().data(),
                ((Op.Conv2d) prepared.graph().node("conv2").op()).weight().data());
        assertEquals(Precision.FP32, prepared.precisions().get("sign_conv2"));
        Specification fp32 = Specification.EMPTY.withPrecision("conv2", Optional.of(Precision.FP32));
        assertTrue(drawn(Nets.xnor(), fp32).contains("sign_conv2(bn2) conv2(sign_conv2) relu2(conv2)"));
    }

    @Test
    void convolutionMadeBinaryHasTheMeanMagnitudeOfEachChannel() {
        Nets n = new Nets("xnorize", 1, Shape.of(1, 2, 1, 1));
        Op.Conv2d conv = new Op.Conv2d(FloatTensor.of(Shape.of(2, 2, 1, 1), 1f, -2f, 0f, 4f), Optional.empty(),
                quantscope.graph.ConvGeometry.of(1, 0));
        Specification binary = Specification.EMPTY.withPrecision("conv", Optional.of(Precision.BINARY));
        Prepared prepared = Prepare.run(n.then("conv", conv).build(), binary);
        Op.BinaryConv2d made = (Op.BinaryConv2d) prepared.graph().node("conv").op();
        assertArrayEquals(new float[] {1.5f, 2f}, made.alpha().data());
        assertArrayEquals(new float[] {1.5f, -1.5f, 2f, 2f}, made.weight().data());
        assertEquals(Precision.BINARY, prepared.precisions().get("conv"));
    }

    @Test
    void addFusedWithReluIsObservedBehindTheRelu() {
        Specification fused = Nets.int8("add").withFix(new Fix(FixKind.FUSE, "add"));
        Prepared prepared = Prepare.run(Nets.quantizable(), fused);
        assertEquals("relu2", prepared.observers().getLast().observed());
        assertEquals(List.of("dequant_add"), prepared.graph().outputs());
    }

    @Test
    void choicesThatDoNotFitAreRefusedByName() {
        InvalidSpecificationException unknown = assertThrows(InvalidSpecificationException.class,
                () -> Prepare.run(Nets.xnor(), Nets.int8("conv9")));
        assertTrue(unknown.getMessage().startsWith("conv9: the model has no such layer; its layers are conv1, bn1"),
                unknown.getMessage());
        assertThrows(InvalidSpecificationException.class, () -> Prepare.run(Nets.xnor(),
                Nets.int8("conv1").withFix(new Fix(FixKind.FUSE, "conv9"))));
        Specification binaryRelu = Specification.EMPTY.withPrecision("relu1", Optional.of(Precision.BINARY));
        assertThrows(InvalidSpecificationException.class, () -> Prepare.run(Nets.xnor(), binaryRelu));
    }
}
