package quantscope.run;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Small networks for the engine's tests. */
final class SmallNets {

    private SmallNets() { }

    /** Int8, fp32 and binary layers, a residual addition and views, [1,3,20,20] to [1,5]. */
    static Graph mixed() {
        Random random = new Random(7);
        QuantParams.PerTensor in = new QuantParams.PerTensor(QuantDtype.QUINT8, 0.03f, 120);
        QuantParams.PerTensor out = new QuantParams.PerTensor(QuantDtype.QUINT8, 0.2f, 110);
        GraphBuilder b = new GraphBuilder("mixed");
        add(b, "input", new Op.Input(Shape.of(1, 3, 20, 20)));
        add(b, "quant", new Op.QuantStub(Optional.of(in)), "input");
        byte[] levels = new byte[8 * 3 * 9];
        random.nextBytes(levels);
        QuantizedTensor weight = new QuantizedTensor(Shape.of(8, 3, 3, 3), levels,
                new QuantParams.PerTensor(QuantDtype.QINT8, 0.01f, 0));
        add(b, "conv1", new Op.QuantizedConv2d(weight, Optional.empty(), ConvGeometry.of(1, 1), false, out), "quant");
        add(b, "drop", new Op.Dropout(), "conv1");
        add(b, "dequant", new Op.DeQuantStub(), "drop");
        add(b, "conv2", new Op.Conv2d(floats(random, 8, 8, 3, 3), Optional.of(floats(random, 8)),
                ConvGeometry.of(1, 1)), "dequant");
        add(b, "sum", new Op.Add(), "dequant", "conv2");
        add(b, "relu", new Op.Relu(), "sum");
        add(b, "pool", new Op.MaxPool2d(PoolGeometry.of(2, 2, 0)), "relu");
        FloatTensor alpha = FloatTensor.vector(0.5f, 0.25f, 2f, 1f, 0.1f, 3f);
        float[] signs = new float[6 * 8 * 9];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = random.nextBoolean() ? alpha.data()[i / 72] : -alpha.data()[i / 72];
        }
        add(b, "binary", new Op.BinaryConv2d(new FloatTensor(Shape.of(6, 8, 3, 3), signs), alpha, Optional.empty(),
                ConvGeometry.of(2, 1), SignOfZero.ZERO), "pool");
        add(b, "flatten", new Op.Flatten(1), "binary");
        add(b, "fc", new Op.Linear(floats(random, 20, 150), Optional.of(floats(random, 20))), "flatten");
        return b.build(List.of("fc"));
    }

    static void add(GraphBuilder builder, String name, Op op, String... inputs) {
        builder.add(name, op, Arrays.asList(inputs), Origin.of(name, op.kind()));
    }

    static FloatTensor floats(Random random, int... dims) {
        float[] data = new float[Shape.of(dims).size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat() - 0.5f;
        }
        return new FloatTensor(Shape.of(dims), data);
    }
}
