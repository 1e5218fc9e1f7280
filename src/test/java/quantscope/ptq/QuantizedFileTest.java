package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.ValueType;
import quantscope.quant.Profile;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Models of which some layers are int8 in their file: those stay what they are, the others can be chosen as ever. */
class QuantizedFileTest {

    private static final QuantParams.PerTensor PARAMS = new QuantParams.PerTensor(QuantDtype.QINT8, 0.1f, 3);

    private static Graph graph() {
        GraphBuilder g = new GraphBuilder("net", Profile.ONNXRUNTIME);
        add(g, "x", new Op.Input(Shape.of(1, 2, 4, 4)));
        add(g, "quantize", new Op.QuantStub(Optional.of(PARAMS)), "x");
        add(g, "given", new Op.QuantizedConv2d(new QuantizedTensor(Shape.of(2, 2, 1, 1), new byte[] {1, 2, -3, 4},
                new QuantParams.PerTensor(QuantDtype.QINT8, 0.5f, 0)), Optional.empty(), ConvGeometry.of(1, 0), false, PARAMS),
                "quantize");
        add(g, "pool", new Op.AdaptiveAvgPool2d(2, 2), "given");
        add(g, "dequantize", new Op.DeQuantStub(), "pool");
        add(g, "conv", new Op.Conv2d(new FloatTensor(Shape.of(1, 2, 1, 1), new float[] {1, -2}), Optional.empty(),
                ConvGeometry.of(1, 0)), "dequantize");
        return g.build(List.of("conv"));
    }

    private static void add(GraphBuilder g, String name, Op op, String... inputs) {
        g.add(name, op, List.of(inputs), Origin.of(name, op.kind()));
    }

    @Test
    void int8LayersOfTheFileAreNotOffered() {
        Graph graph = graph();
        assertEquals(List.of(), Ticks.choices(graph.node("given")));
        assertEquals(List.of(), Ticks.choices(graph.node("pool")));
        assertEquals(List.of(), Ticks.choices(graph.node("quantize")));
        assertTrue(Ticks.choices(graph.node("conv")).contains(Precision.INT8));
        assertThrows(InvalidSpecificationException.class,
                () -> Ticks.tick(graph, Specification.startingWith(graph), "given", Precision.FP32));
    }

    @Test
    void theProfileIsThatOfTheFile() {
        assertEquals(Profile.ONNXRUNTIME, Specification.startingWith(graph()).profile());
    }

    @Test
    void theyStayAsTheyAreBesideAChosenLayer() {
        Graph graph = graph();
        Prepared prepared = Prepare.run(graph, Ticks.tick(graph, Specification.startingWith(graph), "conv", Precision.INT8)
                .specification());
        assertEquals(Precision.INT8, prepared.precisions().get("given"));
        assertEquals(Precision.FP32, prepared.precisions().get("dequantize"));
        assertTrue(prepared.obstacles("given").isEmpty() && prepared.obstacles("dequantize").isEmpty());
        assertEquals(List.of("quant_conv", "conv"), prepared.observers().stream().map(ObserverPoint::node).toList());
        QuantParams.PerTensor own = new QuantParams.PerTensor(QuantDtype.QUINT8, 0.2f, 10);
        ActivationCalibration observed = new ActivationCalibration(own, -2, 49, Optional.empty());
        Graph converted = Convert.run(prepared, new Calibration(Map.of("quant_conv", observed, "conv", observed), Map.of("conv",
                new QuantizedTensor(Shape.of(1, 2, 1, 1), new byte[] {1, 2}, new QuantParams.PerTensor(QuantDtype.QINT8, 1, 0))), List.of()));
        assertEquals(graph.node("given").op(), converted.node("given").op());
        assertEquals(graph.node("quantize").op(), converted.node("quantize").op());
        assertInstanceOf(Op.QuantizedConv2d.class, converted.node("conv").op());
        assertEquals(new ValueType.Int8(own), converted.node("conv").type());
    }
}
