package quantscope.kernel;

import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Reduction;

/**
 * One piece of work, with its parameters. Values are one image's, [H,W,C]: a pixel's channels lie side by side; n counts
 * elements. "Int8" means levels
 * 0..255 in {@link Memory#bytes()}, everything else is fp32 in {@link Memory#floats()}. Arrays are shared with the
 * caller and never written to.
 */
public sealed interface KernelSpec {

    // ---- layers with weights ----

    /** Cross-correlation. Weight [O,I/groups,KH,KW], bias [O]. */
    record Conv(ConvShape shape, float[] weight, float[] bias) implements KernelSpec { }

    /**
     * Int8 in and out: acc = sum (x - z_x) * w, exact in int32 up to a depth of 33,000; padding is z_x.
     *
     * @param largestLevel that the input or its padding can have, 255 unless something bounds it: an observer's range
     *                     does not, as quantize clips at 255
     * @param weight       [O,I/groups,KH,KW], levels less their zero point, within -255..255
     */
    record Int8Conv(ConvShape shape, int inputZeroPoint, int largestLevel, short[] weight, Requantize requantize)
            implements KernelSpec {

        public Int8Conv {
            if (largestLevel < inputZeroPoint || largestLevel > 255) {
                throw new IllegalArgumentException("largest level " + largestLevel + ", expected the zero point, "
                        + inputZeroPoint + ", to 255");
            }
        }

        /** Of an input that may have every level. */
        public Int8Conv(ConvShape shape, int inputZeroPoint, short[] weight, Requantize requantize) {
            this(shape, inputZeroPoint, 255, weight, requantize);
        }
    }

    /**
     * The same as an AVX2 CPU without VNNI computes it: sums of two neighbouring products are clamped to 16 bits, see
     * {@link SaturatingPairs}.
     *
     * @param exact           what it would be without
     * @param weightZeroPoint [O]; together with {@code exact}'s weights, which are less their zero point, it gives the signed
     *                        bytes that are multiplied: what the zero point adds is taken off afterwards, exactly
     */
    record SaturatedInt8Conv(Int8Conv exact, int[] weightZeroPoint) implements KernelSpec { }

    /**
     * y = (sum of sign(x) * sign(w)) * alpha[o] + bias[o]; the sum is an exact integer, padding adds nothing.
     *
     * @param weight [O,I/groups,KH,KW]; only signs count, and zeros are taken for positive
     * @param alpha  [O], 0 where the weights are
     */
    record BinaryConv(ConvShape shape, SignSource source, float[] weight, float[] alpha, float[] bias)
            implements KernelSpec { }

    /** The same kernel for several rows of its input, which has one input; a linear layer over a matrix. */
    record Rows(int rows, int inStride, int outStride, KernelSpec inner) implements KernelSpec { }

    // ---- between the types ----

    /** fp32 to int8: rint(fma(x, inverseScale, z)). */
    record Quantize(int n, float inverseScale, int zeroPoint) implements KernelSpec { }

    /** fp32 to int8 as ONNX's QuantizeLinear: rint(x / s) + z. */
    record DividingQuantize(int n, float scale, int zeroPoint) implements KernelSpec { }

    /** Int8 to fp32: (q - z) * s. */
    record Dequantize(int n, float scale, int zeroPoint) implements KernelSpec { }

    // ---- element-wise ----

    /** The parameters' meaning is the function's. */
    record Unary(int n, UnaryFunction function, float a, float b) implements KernelSpec { }

    /** Int8: the level of every level. */
    record Int8Map(int n, byte[] table) implements KernelSpec { }

    /** The same function of every element. */
    record Pointwise(int n, PointwiseFunction function, float a, float b) implements KernelSpec { }

    /** The same function of two inputs' elements. */
    record Pairwise(Broadcast broadcast, PairFunction function) implements KernelSpec { }

    /**
     * Of three inputs the second's element where the first's is not 0, else the third's.
     *
     * @param places for each element of the output where it lies in each input
     */
    record Select(int[][] places) implements KernelSpec { }

    /** Sum, or product, of two inputs. */
    record Binary(Broadcast broadcast, boolean product) implements KernelSpec { }

    /**
     * Int8 sum of two inputs: rint((fma(s_a, a, -s_a z_a) + fma(s_b, b, -s_b z_b)) * inverseScale) + z.
     *
     * @param relu whether the real sum is cut off at 0
     */
    record Int8Add(Broadcast broadcast, float scaleA, int zeroA, float scaleB, int zeroB, float inverseScale,
                   int zeroPoint, boolean relu) implements KernelSpec { }

    /** Int8 product of two inputs: rint((a - z_a) * (b - z_b) * multiplier) + z. */
    record Int8Mul(Broadcast broadcast, int zeroA, int zeroB, float multiplier, int zeroPoint)
            implements KernelSpec { }

    /** Int8, each element of two inputs'. */
    record Int8Pairs(Broadcast broadcast, PairRule rule) implements KernelSpec { }

    /** y = fma(x, factor[c], offset[c]) over [outer, channels, inner]. */
    record BatchNorm(int outer, int channels, int inner, float[] factor, float[] offset) implements KernelSpec { }

    /** Int8, over [outer, channels, inner]: rint(fma(alpha[c], x - z_x, beta[c])) + z_y. */
    record Int8BatchNorm(int outer, int channels, int inner, int inputZeroPoint, float[] alpha, float[] beta,
                         int zeroPoint) implements KernelSpec { }

    /**
     * Int8, over [outer, channels, inner]: the level of every level of a channel.
     *
     * @param tables 256 levels for each channel
     */
    record Int8ChannelMap(int outer, int channels, int inner, byte[] tables) implements KernelSpec { }

    // ---- pooling and normalization ----

    record MaxPool(PoolShape shape) implements KernelSpec { }

    record Int8MaxPool(PoolShape shape) implements KernelSpec { }

    /**
     * Of bits, [pixel][channels / 8] in {@link Memory#bytes()}: the sign of the largest value's function.
     *
     * @param turned a bit for each channel, 32 an int: 1 where the function falls
     */
    record BitMaxPool(PoolShape shape, int[] turned) implements KernelSpec { }

    record AvgPool(PoolShape shape, boolean countIncludePad) implements KernelSpec { }

    /**
     * Int8, scale and zero point stay: rint(sum of (q - z) * (1/count)) + z.
     *
     * @param vectorChannels how many channels ATen's vectors take; the rest go through its scalar code, which rounds
     *                       behind the zero point
     */
    record Int8AvgPool(PoolShape shape, boolean countIncludePad, int zeroPoint, int vectorChannels)
            implements KernelSpec { }

    /**
     * Int8, as ONNX Runtime's QLinearAveragePool: the real values are added up one after the other in fp32;
     * rint(sum / count / s_y + z_y).
     */
    record RealAvgPool(PoolShape shape, boolean countIncludePad, float scale, int zeroPoint, float outScale,
                       int outZeroPoint) implements KernelSpec { }

    /** Windows from floor(i*in/out) to ceil((i+1)*in/out). */
    record AdaptiveAvgPool(int channels, int inHeight, int inWidth, int outHeight, int outWidth)
            implements KernelSpec { }

    /**
     * Int8, scale and zero point stay: rint(sum of (q - z) * (1/count) + z).
     *
     * @param vectorChannels how many channels ATen's vectors take, which fuse product and sum; the rest round both
     */
    record Int8AdaptiveAvgPool(int channels, int inHeight, int inWidth, int outHeight, int outWidth, int zeroPoint,
                               int vectorChannels) implements KernelSpec { }

    /**
     * Int8: rint(sum of (q - z) * (s / (s_y * count))) + z_y, padding counted, as qnnpack, whose scale and zero point stay, and
     * ONNX Runtime's QLinearGlobalAveragePool.
     */
    record ScaledAvgPool(PoolShape shape, float scale, int zeroPoint, float outScale, int outZeroPoint)
            implements KernelSpec {

        public static ScaledAvgPool keeping(PoolShape shape, float scale, int zeroPoint) {
            return new ScaledAvgPool(shape, scale, zeroPoint, scale, zeroPoint);
        }
    }

    /** x / (k + alpha * (sum of squares / size))^beta over neighbouring channels. */
    record LocalResponseNorm(int pixels, int channels, int size, float alpha, float beta, float k)
            implements KernelSpec { }

    /** Over {@code length} elements that lie {@code inner} apart. */
    record Softmax(int outer, int length, int inner, boolean log) implements KernelSpec { }

    /** Root of the given order of the window's sum of |x|^order. */
    record LpPool(PoolShape shape, int order) implements KernelSpec { }

    /**
     * Over groups of as many elements each: (x - mean) / sqrt(variance + eps) * weight + bias, sums in double.
     *
     * @param order  where the elements lie, group by group
     * @param weight of each of them
     * @param bias   of each of them
     * @param center whether the mean is taken away
     */
    record Normalize(int groups, int[] order, float[] weight, float[] bias, float eps, boolean center)
            implements KernelSpec { }

    /**
     * Joins as many elements for each output.
     *
     * @param order where the elements lie, output by output
     */
    record Reduce(int outputs, int[] order, Reduction reduction) implements KernelSpec { }

    /**
     * Products of matrices, [m,k] by [k,n], sums in float32 from first to last.
     *
     * @param first  where each of the first matrices begins, one for each product
     * @param second where each of the second begins
     * @param to     where each result begins
     * @param steps  elements to the next row and column of the first, the second and the result
     */
    record MatMul(int m, int k, int n, int[] first, int[] second, int[] to, int[] steps) implements KernelSpec { }

    /**
     * Transposed convolution. Weight [I,O/groups,KH,KW], bias [O].
     *
     * @param shape of the convolution that it is the transpose of: its input is this one's output
     */
    record TransposedConv(ConvShape shape, float[] weight, float[] bias) implements KernelSpec { }

    // ---- shape ----

    /**
     * Blocks of neighbouring elements from other places; takes floats or bytes.
     *
     * @param from where each block of the output lies in the input; negative where it is filled
     * @param run  elements of a block
     * @param fill the number, or the level
     */
    record Gather(boolean int8, int[] from, int run, float fill) implements KernelSpec { }

    /**
     * Weighted sums of blocks of neighbouring elements.
     *
     * @param ends    for each block of the output the end of its terms; a block without terms is filled
     * @param from    for each term where its block lies in the input
     * @param weights of the terms
     * @param run     elements of a block
     */
    record WeightedBlocks(int[] ends, int[] from, float[] weights, int run, float fill) implements KernelSpec { }

    /** The same row-major sequence of elements under another shape, whose memory is in another order. */
    record Reorder(boolean int8, Channels from, Channels to) implements KernelSpec { }

    /** @param lengths elements of each input for one step of the outer axes */
    record Concat(int outer, int[] lengths) implements KernelSpec { }

    /**
     * Int8, each input mapped to the output's scale on the way.
     *
     * @param heads  how many of each input's {@code lengths} go through its first table; the rest through its second
     * @param tables two tables of 256 levels for each input
     */
    record Int8Concat(int outer, int[] lengths, int[] heads, byte[][][] tables) implements KernelSpec { }
}
