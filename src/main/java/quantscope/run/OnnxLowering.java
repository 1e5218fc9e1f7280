package quantscope.run;

import java.util.List;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.Broadcast;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PairRule;
import quantscope.kernel.PoolShape;
import quantscope.quant.QuantParams;

/**
 * Which kernel computes an int8 node where ONNX Runtime's CPU provider runs it, other than convolutions and linear layers.
 * Functions of one level are tables there too, made as rint(f(x) / s) + z (QLinearLookup).
 */
final class OnnxLowering {

    private OnnxLowering() { }

    static KernelSpec quantize(Node node, QuantParams.PerTensor out) {
        return new KernelSpec.DividingQuantize(node.requireShape().size(), out.scale(), out.zeroPoint());
    }

    static KernelSpec add(Broadcast broadcast, QuantParams.PerTensor a, QuantParams.PerTensor b, Op.QuantizedAdd op) {
        QuantParams.PerTensor out = op.out();
        return new KernelSpec.Int8Pairs(broadcast, PairRule.RatioSum.of(a.scale() / out.scale(), a.zeroPoint(),
                b.scale() / out.scale(), b.zeroPoint(), out.zeroPoint(), op.relu() ? out.zeroPoint() : 0));
    }

    static KernelSpec multiply(Broadcast broadcast, QuantParams.PerTensor a, QuantParams.PerTensor b,
                               QuantParams.PerTensor out) {
        return new KernelSpec.Int8Pairs(broadcast, new PairRule.ScaledProduct(a.zeroPoint(), b.zeroPoint(),
                a.scale() * b.scale() / out.scale(), out.zeroPoint()));
    }

    static KernelSpec concat(List<QuantParams.PerTensor> in, int outer, int[] lengths, QuantParams.PerTensor out) {
        byte[][][] tables = new byte[in.size()][2][];
        for (int i = 0; i < tables.length; i++) {
            QuantParams.PerTensor x = in.get(i);
            byte[] table = Int8Lowering.table(q -> x.equals(out) ? q : level(real(q, x), out));
            tables[i] = new byte[][] {table, table};
        }
        return new KernelSpec.Int8Concat(outer, lengths, lengths, tables);
    }

    static int leakyRelu(int q, QuantParams.PerTensor x, Op.QuantizedLeakyRelu op) {
        float real = real(q, x);
        return level(real >= 0 ? real : real * op.negativeSlope(), op.out());
    }

    static int sigmoid(int q, QuantParams.PerTensor x, QuantParams.PerTensor out) {
        return level((float) (1 / (1 + Math.exp(-(double) real(q, x)))), out);
    }

    static KernelSpec average(PoolShape shape, boolean countIncludePad, QuantParams.PerTensor x, QuantParams.PerTensor out) {
        return new KernelSpec.RealAvgPool(shape, countIncludePad, x.scale(), x.zeroPoint(), out.scale(), out.zeroPoint());
    }

    /** Computed in fp32 between DequantizeLinear and QuantizeLinear, product and sum rounded each. */
    static byte[] batchNorm(int channels, QuantParams.PerTensor x, Op.QuantizedBatchNorm2d op) {
        byte[] tables = new byte[256 * channels];
        for (int c = 0; c < channels; c++) {
            float factor = op.weight().data()[c] * (1f / (float) Math.sqrt(op.variance().data()[c] + op.eps()));
            float offset = op.bias().data()[c] - op.mean().data()[c] * factor;
            for (int q = 0; q < 256; q++) {
                tables[256 * c + q] = (byte) level(real(q, x) * factor + offset, op.out());
            }
        }
        return tables;
    }

    private static float real(int q, QuantParams.PerTensor x) {
        return Int8Arithmetic.dequantize(q, x.scale(), x.zeroPoint());
    }

    private static int level(float real, QuantParams.PerTensor out) {
        return Int8Arithmetic.level(real / out.scale(), out.zeroPoint(), 0) & 0xff;
    }
}
