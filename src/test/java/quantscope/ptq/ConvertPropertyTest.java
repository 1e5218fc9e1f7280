package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.run.Engine;
import quantscope.run.GraphEngine;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Random networks with random choices, calibrated, converted and run. */
class ConvertPropertyTest {

    private final Engine engine = new GraphEngine(new ScalarKernels());

    static IntStream seeds() {
        return IntStream.range(1000, 1080);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void convertedLayersAreInt8WherePreparedOnesAreAndTheNetworkRuns(int seed) {
        Random random = new Random(seed);
        Graph source = PreparePropertyTest.randomGraph(random);
        Prepared prepared = Prepare.run(source, PreparePropertyTest.randomChoice(random, source));
        FloatTensor image = new Nets("image", seed, Shape.of(1, 3, 8, 8)).tensor(Shape.of(1, 3, 8, 8));
        Calibration calibration = new Calibrate(engine, new ParallelImageRunner(1)).run(prepared, i -> image, 1, 1,
                Progress.NONE, Cancellation.NEVER);
        Graph converted = Convert.run(prepared, calibration);
        String message = "seed " + seed + ": " + Nets.drawn(converted);
        for (Node node : converted.layers()) {
            boolean int8 = node.op() instanceof Op.QuantStub
                    || prepared.precisions().get(node.name()) == Precision.INT8;
            assertEquals(int8, node.type() instanceof ValueType.Int8, node.name() + ", " + message);
        }
        FloatTensor fp32 = engine.compile(source).newWorker().run(image, Tap.NONE);
        FloatTensor output = engine.compile(converted).newWorker().run(image, Tap.NONE);
        assertEquals(fp32.shape(), output.shape(), message);
        if (prepared.int8Layers().isEmpty() && prepared.precisions().equals(
                Prepare.run(source, Specification.EMPTY).precisions())) {
            assertArrayEquals(fp32.data(), output.data(), message);
        }
    }
}
