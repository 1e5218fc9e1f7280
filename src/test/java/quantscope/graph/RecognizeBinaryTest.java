package quantscope.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class RecognizeBinaryTest {

    private static final Op SIGN = new Op.Sign(SignOfZero.ZERO);

    private final GraphBuilder builder = new GraphBuilder("net");

    private String add(String name, Op op, String... inputs) {
        return builder.add(name, op, List.of(inputs), Origin.of(name, op.kind())).name();
    }

    private String input(int... shape) {
        return add("x", new Op.Input(Shape.of(shape)));
    }

    private static Op.Conv2d conv(float... weights) {
        return new Op.Conv2d(new FloatTensor(Shape.of(2, weights.length / 2, 1, 1), weights),
                Optional.of(FloatTensor.vector(1, 2)), ConvGeometry.of(1, 0));
    }

    private static Op.Linear linear(float... weights) {
        return new Op.Linear(new FloatTensor(Shape.of(2, weights.length / 2), weights), Optional.empty());
    }

    @Test
    void signBeforeWeightsOfOneMagnitudeBecomesBinary() {
        input(1, 2, 3, 3);
        add("sign", SIGN, "x");
        add("conv", conv(0.5f, -0.5f, -0.25f, -0.25f), "sign");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("conv")));
        Op.BinaryConv2d op = assertInstanceOf(Op.BinaryConv2d.class, graph.node("conv").op());
        assertArrayEquals(new float[] {0.5f, 0.25f}, op.alpha().data());
        assertArrayEquals(new float[] {0.5f, -0.5f, -0.25f, -0.25f}, op.weight().data());
        assertArrayEquals(new float[] {1, 2}, op.bias().orElseThrow().data());
        assertEquals("x", graph.node("conv").input());
        assertTrue(graph.find("sign").isEmpty());
    }

    @Test
    void lastBitsOfTheMagnitudesAreMadeEqual() {
        input(1, 2, 3, 3);
        add("sign", SIGN, "x");
        add("conv", conv(0.5f, -Math.nextUp(0.5f), 1, 1), "sign");
        Op.BinaryConv2d op = (Op.BinaryConv2d) RecognizeBinary.apply(builder.build(List.of("conv"))).node("conv").op();
        float alpha = op.alpha().data()[0];
        assertEquals(0.5f, alpha, 1e-7f);
        assertArrayEquals(new float[] {alpha, -alpha, 1, 1}, op.weight().data());
    }

    @Test
    void otherWeightsAndZerosStay() {
        input(1, 2, 3, 3);
        add("sign", SIGN, "x");
        add("a", conv(0.5f, -0.500002f, 1, 1), "sign");
        add("b", conv(0.5f, 0.5f, 0, 0), "sign");
        add("c", conv(1, 1, 1, 1), "x");
        Graph graph = builder.build(List.of("a", "b", "c"));
        assertSame(graph, RecognizeBinary.apply(graph));
    }

    @Test
    void productPerChannelGoesIntoAlphaAndBias() {
        input(1, 2, 3, 3);
        add("sign", SIGN, "x");
        add("conv", conv(1, -1, 1, 1), "sign");
        add("alpha", new Op.Constant(FloatTensor.of(Shape.of(1, 2, 1, 1), 0.25f, -2)));
        add("mul", new Op.Mul(), "alpha", "conv");
        add("relu", new Op.Relu(), "mul");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("relu")));
        assertEquals(List.of("x", "conv", "relu"), graph.nodes().stream().map(Node::name).toList());
        Op.BinaryConv2d op = (Op.BinaryConv2d) graph.node("conv").op();
        assertArrayEquals(new float[] {0.25f, 2}, op.alpha().data());
        assertArrayEquals(new float[] {0.25f, -0.25f, -2, -2}, op.weight().data());
        assertArrayEquals(new float[] {0.25f, -4}, op.bias().orElseThrow().data());
    }

    @Test
    void productAlongTheWidthStays() {
        input(1, 2, 2, 2);
        add("sign", SIGN, "x");
        add("conv", conv(1, -1, 1, 1), "sign");
        add("factor", new Op.Constant(FloatTensor.of(Shape.of(2), 3, 4)));
        add("mul", new Op.Mul(), "conv", "factor");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("mul")));
        assertInstanceOf(Op.BinaryConv2d.class, graph.node("conv").op());
        assertEquals(List.of("conv", "factor"), graph.node("mul").inputs());
    }

    @Test
    void layersThatPassValuesOnCarryThemBeforeTheSign() {
        input(1, 2, 1, 2);
        add("sign", SIGN, "x");
        add("flatten", new Op.Flatten(1), "sign");
        add("drop", new Op.Dropout(), "flatten");
        add("fc", linear(2, 2, -2, 2, 3, 3, 3, -3), "drop");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("fc")));
        assertEquals(List.of("x", "flatten", "drop", "fc"), graph.nodes().stream().map(Node::name).toList());
        assertInstanceOf(Op.BinaryLinear.class, graph.node("fc").op());
        assertEquals("x", graph.node("flatten").input());
    }

    @Test
    void otherReadersKeepTheSign() {
        input(1, 2, 2, 2);
        add("sign", SIGN, "x");
        add("flatten", new Op.Flatten(1), "sign");
        add("fc", linear(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), "flatten");
        add("real", linear(1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1), "flatten");
        add("conv", conv(1, -1, 1, 1), "sign");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("fc", "real", "conv")));
        assertEquals("x", graph.node("conv").input());
        assertEquals("flatten_before_sign", graph.node("fc").input());
        assertEquals("x", graph.node("flatten_before_sign").input());
        assertEquals("flatten", graph.node("real").input());
        assertEquals("sign", graph.node("flatten").input());
    }

    @Test
    void chainOfBinaryLayersWithScalesReadsThroughThem() {
        input(1, 2, 2, 2);
        add("s1", SIGN, "x");
        add("conv1", conv(1, -1, 1, 1), "s1");
        add("k", new Op.Constant(FloatTensor.of(Shape.of(), 0.5f)));
        add("mul", new Op.Mul(), "conv1", "k");
        add("s2", SIGN, "mul");
        add("conv2", conv(1, -1, 1, 1), "s2");
        Graph graph = RecognizeBinary.apply(builder.build(List.of("conv2")));
        assertEquals(List.of("x", "conv1", "conv2"), graph.nodes().stream().map(Node::name).toList());
        assertEquals("conv1", graph.node("conv2").input());
    }
}
