package quantscope.bench;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.quant.Profile;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * One int8 layer with a QuantStub before it, of random kind, geometry, parameters and values, and an image whose levels are
 * random.
 */
record RandomLayer(Graph graph, FloatTensor image, String words) {

    private static final String NAME = "layer";

    static RandomLayer of(Profile profile, int seed) {
        Random random = new Random(seed);
        return random.nextInt(5) == 0 ? linear(profile, random) : conv(profile, random);
    }

    private static RandomLayer linear(Profile profile, Random random) {
        int in = 1 + random.nextInt(random.nextBoolean() ? 20 : 300);
        int out = 1 + random.nextInt(40);
        return layer(profile, random, Shape.of(1, in), Shape.of(out, in), Optional.empty(), "linear " + in + " to " + out);
    }

    private static RandomLayer conv(Profile profile, Random random) {
        int kh = 1 + random.nextInt(5);
        int kw = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : kh;
        int dilation = random.nextInt(4) == 0 ? 2 : 1;
        int stride = 1 + random.nextInt(3);
        int padH = random.nextInt(kh);
        int padW = kw == kh ? padH : random.nextInt(kw);
        int groups = 1;
        int in = 1 + random.nextInt(40);
        int out = 1 + random.nextInt(40);
        switch (random.nextInt(4)) {
            case 0 -> {
                // Each channel by itself.
                groups = in;
                out = in * (random.nextInt(4) == 0 ? 2 : 1);
            }
            case 1 -> {
                groups = 1 + random.nextInt(4);
                in = groups * (1 + random.nextInt(12));
                out = groups * (1 + random.nextInt(12));
            }
            default -> { }
        }
        int height = dilation * (kh - 1) + 1 + random.nextInt(9);
        int width = dilation * (kw - 1) + 1 + random.nextInt(9);
        ConvGeometry geometry = new ConvGeometry(stride, stride, padH, padW, padH, padW, dilation, dilation, groups);
        return layer(profile, random, Shape.of(1, in, height, width), Shape.of(out, in / groups, kh, kw), Optional.of(geometry),
                "conv " + in + " x " + height + " x " + width + " to " + out + ", kernel " + kh + " x " + kw + ", stride " + stride
                        + ", padding " + padH + " " + padW + ", dilation " + dilation + ", groups " + groups);
    }

    private static RandomLayer layer(Profile profile, Random random, Shape input, Shape weightShape,
                                     Optional<ConvGeometry> geometry, String words) {
        boolean reducedInput = random.nextBoolean();
        boolean reducedWeight = random.nextInt(3) == 0;
        boolean perChannel = random.nextBoolean();
        boolean relu = random.nextInt(3) == 0;
        int out = weightShape.dim(0);
        int depth = weightShape.size() / out;
        QuantParams.PerTensor x = params(random, 0.01f + 0.1f * random.nextFloat(), random.nextInt(reducedInput ? 128 : 256));
        int weightZero = random.nextInt(3) == 0 ? random.nextInt(41) - 20 : 0;
        // oneDNN takes symmetric weights only.
        QuantizedTensor weight = weight(random, weightShape, perChannel, reducedWeight,
                profile == Profile.ONEDNN ? 0 : weightZero);
        float sum = (reducedInput ? 40 : 80) * x.scale() * (reducedWeight ? 37 : 74) * weight.params().scale(0)
                * (float) Math.sqrt(depth);
        QuantParams.PerTensor y = params(random, sum * (2 + 4 * random.nextFloat()) / 255,
                relu && random.nextBoolean() ? 0 : random.nextInt(256));
        Optional<FloatTensor> bias = random.nextInt(5) == 0 ? Optional.empty() : Optional.of(bias(random, out, sum));
        GraphBuilder builder = new GraphBuilder(NAME, profile);
        builder.add("x", new Op.Input(input), List.of(), Origin.of("x", "Input"));
        builder.add("quant", new Op.QuantStub(Optional.of(x)), List.of("x"), Origin.of("quant", "QuantStub"));
        Op op = geometry.<Op>map(g -> new Op.QuantizedConv2d(weight, bias, g, relu, y))
                .orElseGet(() -> new Op.QuantizedLinear(weight, bias, relu, y));
        builder.add(NAME, op, List.of("quant"), Origin.of(NAME, NAME));
        return new RandomLayer(builder.build(List.of(NAME)), image(random, input, x, reducedInput ? 127 : 255),
                words + (relu ? ", ReLU" : "")
                        + (perChannel ? ", per channel" : ", per tensor, zero point " + weight.params().zeroPoint(0))
                        + (reducedWeight ? ", 7-bit weights" : "") + (reducedInput ? ", 7-bit input" : ""));
    }

    private static QuantParams.PerTensor params(Random random, float scale, int zeroPoint) {
        return new QuantParams.PerTensor(QuantDtype.QUINT8, scale, zeroPoint);
    }

    private static QuantizedTensor weight(Random random, Shape shape, boolean perChannel, boolean reduced,
                                          int zeroPoint) {
        byte[] levels = new byte[shape.size()];
        boolean extreme = random.nextInt(4) == 0;
        for (int i = 0; i < levels.length; i++) {
            int level = extreme && random.nextBoolean() ? (random.nextBoolean() ? 127 : -128) : random.nextInt(256) - 128;
            levels[i] = (byte) (reduced ? level >> 1 : level);
        }
        int out = shape.dim(0);
        if (!perChannel) {
            return new QuantizedTensor(shape, levels,
                    new QuantParams.PerTensor(QuantDtype.QINT8, 0.001f + 0.01f * random.nextFloat(), zeroPoint));
        }
        float base = 0.001f + 0.01f * random.nextFloat();
        float[] scales = new float[out];
        for (int o = 0; o < out; o++) {
            scales[o] = base * (0.5f + random.nextFloat());
        }
        return new QuantizedTensor(shape, levels, new QuantParams.PerChannel(QuantDtype.QINT8, scales, new int[out], 0));
    }

    private static FloatTensor bias(Random random, int out, float sum) {
        float[] bias = new float[out];
        for (int o = 0; o < out; o++) {
            bias[o] = (float) random.nextGaussian() * sum / 2;
        }
        return FloatTensor.vector(bias);
    }

    /** Numbers in the middle of levels. */
    private static FloatTensor image(Random random, Shape shape, QuantParams.PerTensor x, int largest) {
        FloatTensor image = FloatTensor.zeros(shape);
        boolean extreme = random.nextInt(4) == 0;
        for (int i = 0; i < image.data().length; i++) {
            int level = extreme && random.nextBoolean() ? largest : random.nextInt(largest + 1);
            image.data()[i] = (level - x.zeroPoint()) * x.scale();
        }
        return image;
    }
}
