package quantscope.run;

import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.Broadcast;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PairRule;
import quantscope.kernel.Requantize;
import quantscope.kernel.UnaryFunction;
import quantscope.quant.BiasQuantization;
import quantscope.quant.Profile;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;

/**
 * Which kernel computes an int8 node, with the arithmetic of the backend that it is meant for; what is said of ATen holds
 * for all of PyTorch's engines. Functions of one level become tables of 256.
 */
final class Int8Lowering {

    private Int8Lowering() { }

    static KernelSpec quantize(Node node, QuantParams.PerTensor out, Profile profile) {
        return profile.onnxRuntime() ? OnnxLowering.quantize(node, out)
                : new KernelSpec.Quantize(node.requireShape().size(), 1f / out.scale(), out.zeroPoint());
    }

    static KernelSpec dequantize(Node node, QuantParams.PerTensor in) {
        return new KernelSpec.Dequantize(node.requireShape().size(), in.scale(), in.zeroPoint());
    }

    static KernelSpec conv(Node node, Node in, ConvShape shape, Op.QuantizedConv2d op, Profile profile) {
        return conv(node, in, shape, op.weight(), op.bias(), op.relu(), op.out(), profile);
    }

    static KernelSpec linear(Node node, Node in, ConvShape shape, Op.QuantizedLinear op, Profile profile) {
        return conv(node, in, shape, op.weight(), op.bias(), op.relu(), op.out(), profile);
    }

    private static KernelSpec conv(Node node, Node in, ConvShape shape, QuantizedTensor weight,
                                   Optional<FloatTensor> bias, boolean relu, QuantParams.PerTensor out,
                                   Profile profile) {
        QuantParams.PerTensor x = params(in);
        int channels = shape.outChannels();
        int[] offset = new int[channels];
        float[] scaledBias = new float[channels];
        float[] multiplier = new float[channels];
        short[] centred = new short[weight.levels().length];
        int[] weightZeroPoint = new int[channels];
        for (int o = 0; o < channels; o++) {
            float accumulatorScale = x.scale() * weight.params().scale(o);
            multiplier[o] = accumulatorScale / out.scale();
            float b = bias.isPresent() ? bias.get().data()[o] : 0;
            switch (profile.rules()) {
                case FBGEMM, ONEDNN -> scaledBias[o] = scaledBias(b, accumulatorScale, weight.params());
                case QNNPACK -> offset[o] = BiasQuantization.pytorch(b, accumulatorScale);
                case ONNXRUNTIME -> offset[o] = BiasQuantization.onnx(b, accumulatorScale);
            }
            int zeroPoint = weight.params().zeroPoint(o);
            weightZeroPoint[o] = zeroPoint;
            centre(weight, o * shape.depth(), (o + 1) * shape.depth(), zeroPoint, centred);
        }
        KernelSpec.Int8Conv exact = new KernelSpec.Int8Conv(shape, x.zeroPoint(), centred,
                new Requantize(offset, scaledBias, multiplier, out.zeroPoint(), relu ? out.zeroPoint() : 0));
        // Only bytes by signed bytes go through vpmaddubsw: unsigned weights, as ONNX files may have them, take a wider road.
        return profile.saturates() && !widened(shape, profile) && weight.params().dtype() == QuantDtype.QINT8
                ? new KernelSpec.SaturatedInt8Conv(exact, weightZeroPoint) : exact;
    }

    /** Levels less their zero point; a plain loop for each type, as weights are many. */
    private static void centre(QuantizedTensor weight, int from, int to, int zeroPoint, short[] centred) {
        byte[] levels = weight.levels();
        if (weight.params().dtype() == QuantDtype.QUINT8) {
            for (int i = from; i < to; i++) {
                centred[i] = (short) ((levels[i] & 0xff) - zeroPoint);
            }
        } else {
            for (int i = from; i < to; i++) {
                centred[i] = (short) (levels[i] - zeroPoint);
            }
        }
    }

    /** ONNX Runtime multiplies each channel by itself in 16 bits, where nothing saturates. */
    private static boolean widened(ConvShape shape, Profile profile) {
        return profile.onnxRuntime() && shape.groups() > 1 && shape.inPerGroup() == 1
                && shape.outPerGroup() == 1;
    }

    /**
     * FBGEMM divides by each channel's scale, but where one scale serves the whole weight it multiplies by the inverse
     * (QuantUtilsAvx2.cc, act_times_w_div_v), which rounds once more: 2.625f by 0.01640625f is 160 or 160.00002.
     */
    private static float scaledBias(float bias, float accumulatorScale, QuantParams weight) {
        return switch (weight) {
            case QuantParams.PerTensor _ -> bias * (float) (1.0 / accumulatorScale);
            case QuantParams.PerChannel _ -> bias / accumulatorScale;
        };
    }

    /** compute_fused_params of qnormalization: scale ratio and statistics become one factor and one offset. */
    static KernelSpec batchNorm(Node node, Node in, Op.QuantizedBatchNorm2d op, Profile profile) {
        QuantParams.PerTensor x = params(in);
        int channels = node.requireShape().dim(1);
        int outer = node.requireShape().rank() == 4 ? node.requireShape().size() / channels : 1;
        int inner = node.requireShape().size() / channels / outer;
        if (profile.onnxRuntime()) {
            return new KernelSpec.Int8ChannelMap(outer, channels, inner, OnnxLowering.batchNorm(channels, x, op));
        }
        float[] alpha = new float[channels];
        float[] beta = new float[channels];
        for (int c = 0; c < channels; c++) {
            float inverse = (float) (1.0 / (float) Math.sqrt(op.variance().data()[c] + op.eps()));
            float weight = op.weight().data()[c];
            alpha[c] = inverse * weight * (x.scale() / op.out().scale());
            beta[c] = (op.bias().data()[c] - op.mean().data()[c] * inverse * weight) / op.out().scale();
        }
        return new KernelSpec.Int8BatchNorm(outer, channels, inner, x.zeroPoint(), alpha, beta, op.out().zeroPoint());
    }

    static KernelSpec add(Node node, List<Node> in, Broadcast broadcast, Op.QuantizedAdd op,
                          Profile profile) {
        QuantParams.PerTensor a = params(in.getFirst());
        QuantParams.PerTensor b = params(in.get(1));
        return switch (profile.rules()) {
            case FBGEMM, ONEDNN -> new KernelSpec.Int8Add(broadcast, a.scale(), a.zeroPoint(), b.scale(), b.zeroPoint(),
                    1f / op.out().scale(), op.out().zeroPoint(), op.relu());
            case QNNPACK -> new KernelSpec.Int8Pairs(broadcast, fixedPoint(node, a, b, op));
            case ONNXRUNTIME -> OnnxLowering.add(broadcast, a, b, op);
        };
    }

    private static PairRule fixedPoint(Node node, QuantParams.PerTensor a, QuantParams.PerTensor b, Op.QuantizedAdd op) {
        QuantParams.PerTensor out = op.out();
        try {
            return PairRule.FixedPointSum.of(a.scale() / out.scale(), a.zeroPoint(), b.scale() / out.scale(),
                    b.zeroPoint(), out.zeroPoint(), op.relu() ? out.zeroPoint() : 0);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedOperatorException(node.name() + ": " + e.getMessage());
        }
    }

    static KernelSpec multiply(Node node, List<Node> in, Broadcast broadcast, Op.QuantizedMul op,
                               Profile profile) {
        QuantParams.PerTensor a = params(in.getFirst());
        QuantParams.PerTensor b = params(in.get(1));
        if (profile.onnxRuntime()) {
            return OnnxLowering.multiply(broadcast, a, b, op.out());
        }
        return new KernelSpec.Int8Mul(broadcast, a.zeroPoint(), b.zeroPoint(),
                a.scale() * b.scale() * (1f / op.out().scale()), op.out().zeroPoint());
    }

    /**
     * quantized::cat. Along the channels of channels-last images, as quantized convolutions give them, ATen takes 8
     * channels at a time through its vectors and the rest through scalar code; everything else is dequantized, joined
     * and quantized again. The three round ties differently.
     */
    static KernelSpec concat(Node node, List<Node> in, int outer, int[] lengths, boolean channelsLast,
                             Op.QuantizedConcat op, Profile profile) {
        QuantParams.PerTensor out = op.out();
        if (profile.onnxRuntime()) {
            return OnnxLowering.concat(in.stream().map(Int8Lowering::params).toList(), outer, lengths, out);
        }
        boolean images = op.axis() == 1 && node.requireShape().rank() == 4 && channelsLast;
        float inverse = 1f / out.scale();
        int[] heads = new int[in.size()];
        byte[][][] tables = new byte[in.size()][2][];
        for (int i = 0; i < tables.length; i++) {
            QuantParams.PerTensor x = params(in.get(i));
            int channels = in.get(i).requireShape().dim(op.axis());
            heads[i] = images ? lengths[i] / channels * (channels & -8) : 0;
            boolean same = x.equals(out);
            tables[i][0] = table(q -> same ? q : Int8Arithmetic.requantize(
                    Int8Arithmetic.dequantizeFused(q, x.scale(), x.zeroPoint()), inverse, out.zeroPoint()));
            tables[i][1] = table(q -> {
                float real = Int8Arithmetic.dequantize(q, x.scale(), x.zeroPoint());
                return same ? q : images ? Int8Arithmetic.quantizeValue(real, inverse, out.zeroPoint())
                        : Int8Arithmetic.quantize(real, inverse, out.zeroPoint());
            });
        }
        return new KernelSpec.Int8Concat(outer, lengths, heads, tables);
    }

    static KernelSpec leakyRelu(Node node, Node in, Op.QuantizedLeakyRelu op, Profile profile) {
        QuantParams.PerTensor x = params(in);
        if (profile.onnxRuntime()) {
            return map(node, q -> OnnxLowering.leakyRelu(q, x, op));
        }
        return map(node, q -> {
            float real = Int8Arithmetic.dequantizeFused(q, x.scale(), x.zeroPoint());
            return Int8Arithmetic.requantize(real > 0 ? real : real * op.negativeSlope(), 1f / op.out().scale(),
                    op.out().zeroPoint());
        });
    }

    static KernelSpec sigmoid(Node node, Node in, Op.QuantizedSigmoid op, Profile profile) {
        QuantParams.PerTensor x = params(in);
        if (profile.onnxRuntime()) {
            return map(node, q -> OnnxLowering.sigmoid(q, x, op.out()));
        }
        return map(node, q -> {
            float real = Int8Arithmetic.dequantize(q, x.scale(), x.zeroPoint());
            float y = 1f / (1f + (float) Math.exp(-real));
            return Int8Arithmetic.requantize(y, 1f / op.out().scale(), op.out().zeroPoint());
        });
    }

    /** ReLU and clip compare levels; PyTorch quantizes the bounds. */
    static KernelSpec clamp(Node node, QuantParams.PerTensor x, UnaryFunction function, float a, float b) {
        return switch (function) {
            case RELU -> map(node, q -> Math.max(q, x.zeroPoint()));
            case CLIP -> {
                int low = bound(a, x);
                int high = bound(b, x);
                yield map(node, q -> Math.min(Math.max(q, low), high));
            }
            case LEAKY_RELU, SIGMOID, SIGN -> throw new UnsupportedOperatorException(node.name() + ": "
                    + function + " takes fp32, but its input is int8");
        };
    }

    private static int bound(float real, QuantParams.PerTensor x) {
        return Int8Arithmetic.quantizeValue(real, 1f / x.scale(), x.zeroPoint()) & 0xff;
    }

    private static KernelSpec map(Node node, IntUnaryOperator levels) {
        return new KernelSpec.Int8Map(node.requireShape().size(), table(levels));
    }

    static byte[] table(IntUnaryOperator levels) {
        byte[] table = new byte[256];
        for (int q = 0; q < 256; q++) {
            table[q] = (byte) levels.applyAsInt(q);
        }
        return table;
    }

    static QuantParams.PerTensor params(Node in) {
        return switch (in.type()) {
            case ValueType.Int8 i -> i.params();
            case ValueType.Float32 f -> throw new IllegalStateException(in.name() + " is fp32, expected int8");
        };
    }
}
