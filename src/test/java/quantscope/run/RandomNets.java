package quantscope.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Random small networks of layers that can be fused, and of some that stand in the way. */
final class RandomNets {

    private static final int SIZE = 9;

    private final Random random;
    private final GraphBuilder builder;
    private final List<String> outputs = new ArrayList<>();
    private String last = "input";
    private int channels = 3;
    private int size = SIZE;
    private int nodes;

    private RandomNets(int seed) {
        random = new Random(seed);
        builder = new GraphBuilder("random " + seed);
        SmallNets.add(builder, last, new Op.Input(Shape.of(1, 3, SIZE, SIZE)));
    }

    static FloatTensor image(int seed) {
        return SmallNets.floats(new Random(seed), 1, 3, SIZE, SIZE);
    }

    static Graph of(int seed) {
        RandomNets net = new RandomNets(seed);
        net.conv(false);
        if (net.random.nextInt(3) == 0) {
            net.int8();
        }
        for (int layer = 2 + net.random.nextInt(4); layer > 0; layer--) {
            net.between();
            net.conv(net.random.nextInt(4) > 0);
        }
        net.between();
        net.add(new Op.Flatten(1));
        net.functions(net.random.nextInt(2), net.channels * net.size * net.size);
        net.linear(net.channels * net.size * net.size, 32 * (1 + net.random.nextInt(3)));
        if (net.random.nextBoolean()) {
            net.functions(2, net.channels);
            net.linear(net.channels, 10);
        }
        net.outputs.addFirst(net.last);
        return net.builder.build(net.outputs);
    }

    private void add(Op op, String... further) {
        String name = op.kind().toLowerCase(Locale.ROOT) + nodes++;
        List<String> inputs = new ArrayList<>(List.of(last));
        inputs.addAll(List.of(further));
        SmallNets.add(builder, name, op, inputs.toArray(String[]::new));
        last = name;
    }

    private void between() {
        String before = last;
        functions(random.nextInt(3), channels);
        if (random.nextInt(3) == 0) {
            pool();
        }
        functions(random.nextInt(3), channels);
        switch (random.nextInt(12)) {
            case 0 -> outputs.add(last);
            case 1 -> {
                // Somebody else reads the same value.
                String side = last;
                add(new Op.Relu());
                add(new Op.Add(), side);
            }
            case 2 -> {
                if (!before.equals(last)) {
                    add(new Op.AvgPool2d(PoolGeometry.of(1, 1, 0), false));
                }
            }
            default -> { }
        }
    }

    private void pool() {
        if (size > 3) {
            int padding = random.nextInt(2);
            add(new Op.MaxPool2d(PoolGeometry.of(3, 2, padding)));
            size = (size + 2 * padding - 3) / 2 + 1;
        }
    }

    private void functions(int most, int over) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0, 1 -> add(new Op.Relu());
                case 2 -> add(new Op.Clip(-0.5f, 2));
                case 3 -> add(new Op.LeakyRelu(0.1f));
                case 4 -> add(random.nextBoolean() ? new Op.Dropout() : new Op.Identity());
                default -> add(norm(over));
            }
        }
    }

    private Op norm(int n) {
        float[] weight = values(n, 1);
        for (int c = 0; c < n; c++) {
            weight[c] = random.nextInt(200) == 0 ? 0 : random.nextInt(4) == 0 ? -1 - weight[c] : 1 + weight[c];
        }
        float[] variance = values(n, 0.5f);
        for (int c = 0; c < n; c++) {
            variance[c] = 1 + Math.abs(variance[c]);
        }
        return new Op.BatchNorm2d(FloatTensor.vector(weight), FloatTensor.vector(values(n, 0.3f)),
                FloatTensor.vector(values(n, 0.3f)), FloatTensor.vector(variance), 1e-5f);
    }

    private float[] values(int n, float scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = scale * (random.nextFloat() - 0.5f);
        }
        return values;
    }

    private void conv(boolean binary) {
        int groups = channels % 64 == 0 && random.nextInt(4) == 0 ? 2 : 1;
        int out = groups * (random.nextInt(3) > 0 ? 32 * (1 + random.nextInt(2)) : 9 + random.nextInt(20));
        int kernel = 1 + 2 * random.nextInt(2);
        ConvGeometry geometry = new ConvGeometry(1, 1, kernel / 2, kernel / 2, kernel / 2, kernel / 2, 1, 1, groups);
        Shape shape = Shape.of(out, channels / groups, kernel, kernel);
        Optional<FloatTensor> bias = random.nextBoolean() ? Optional.of(FloatTensor.vector(values(out, 0.5f)))
                : Optional.empty();
        if (binary) {
            float[] alpha = alpha(out);
            add(new Op.BinaryConv2d(signs(shape, alpha), FloatTensor.vector(alpha), bias, geometry, zero()));
        } else {
            add(new Op.Conv2d(SmallNets.floats(random, shape.toArray()), bias, geometry));
        }
        channels = out;
    }

    private void linear(int in, int out) {
        if (random.nextInt(4) == 0) {
            add(new Op.Linear(SmallNets.floats(random, out, in), Optional.empty()));
        } else {
            float[] alpha = alpha(out);
            add(new Op.BinaryLinear(signs(Shape.of(out, in), alpha), FloatTensor.vector(alpha),
                    Optional.of(FloatTensor.vector(values(out, 0.5f))), zero()));
        }
        channels = out;
    }

    private float[] alpha(int n) {
        float[] alpha = values(n, 0.2f);
        for (int o = 0; o < n; o++) {
            alpha[o] = 0.01f + Math.abs(alpha[o]);
        }
        return alpha;
    }

    private FloatTensor signs(Shape shape, float[] alpha) {
        FloatTensor signs = FloatTensor.zeros(shape);
        int each = signs.data().length / alpha.length;
        for (int i = 0; i < signs.data().length; i++) {
            signs.data()[i] = random.nextBoolean() ? alpha[i / each] : -alpha[i / each];
        }
        return signs;
    }

    private SignOfZero zero() {
        return SignOfZero.values()[random.nextInt(3)];
    }

    /** Through int8 and, perhaps, back. */
    private void int8() {
        QuantParams.PerTensor in = new QuantParams.PerTensor(QuantDtype.QUINT8, 0.03f, 120);
        add(new Op.QuantStub(Optional.of(in)));
        if (random.nextBoolean()) {
            byte[] levels = new byte[64 * channels];
            random.nextBytes(levels);
            add(new Op.QuantizedConv2d(new QuantizedTensor(Shape.of(64, channels, 1, 1), levels,
                    new QuantParams.PerTensor(QuantDtype.QINT8, 0.01f, 0)), Optional.empty(), ConvGeometry.of(1, 0), false,
                    new QuantParams.PerTensor(QuantDtype.QUINT8, 0.1f, 100 + random.nextInt(50))));
            channels = 64;
        }
        if (random.nextBoolean()) {
            add(new Op.Relu());
        }
        if (random.nextBoolean()) {
            add(new Op.DeQuantStub());
            if (random.nextBoolean()) {
                pool();
            }
            functions(2, channels);
            conv(true);
        } else {
            conv(true);
        }
    }
}
