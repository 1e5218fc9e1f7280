package quantscope.graph;

import java.util.List;
import java.util.Optional;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * The operators of a graph, parameters included. Activations are [N,C,H,W] or [N,F] with N = 1: a graph describes
 * one image, batches are the caller's affair.
 *
 * <p>Operators that only move or compare values ({@link Relu}, {@link Clip}, {@link MaxPool2d}, averages,
 * {@link Flatten}, {@link Reshape}, {@link Dropout}, {@link Identity}) take fp32 and int8 alike and keep their
 * input's type, as in PyTorch; the others say in their Javadoc what they take.
 */
public sealed interface Op {

    /** The name of the matching PyTorch class, or the file's own operator where there is none. */
    default String kind() {
        return getClass().getSimpleName();
    }

    // ---- sources ----

    /** The network's input, fp32. */
    record Input(Shape shape) implements Op { }

    /** A tensor that is neither weight nor bias of a layer, fp32. */
    record Constant(FloatTensor value) implements Op { }

    // ---- layers with weights, fp32 ----

    /** Cross-correlation. Weight [O,I/groups,KH,KW], bias [O]. */
    record Conv2d(FloatTensor weight, Optional<FloatTensor> bias, ConvGeometry geometry) implements Op { }

    /** y = x W^T + b over the last axis. Weight [O,I], bias [O]. */
    record Linear(FloatTensor weight, Optional<FloatTensor> bias) implements Op { }

    /**
     * Transposed convolution, fp32: every element of the input adds its multiple of the kernel to the output.
     *
     * @param weight   [I,O/groups,KH,KW]
     * @param bias     [O]
     * @param geometry of the convolution that it is the transpose of: padding is cut away from the output
     * @param outputPadH rows added to the output at the bottom
     * @param outputPadW columns added at the right
     */
    record ConvTranspose2d(FloatTensor weight, Optional<FloatTensor> bias, ConvGeometry geometry, int outputPadH,
                           int outputPadW) implements Op { }

    /**
     * sign(x), then a convolution with weights that are +-alpha per output channel. Zeros are padded after the sign,
     * so padded taps add nothing. Takes fp32 and int8.
     *
     * @param weight [O,I/groups,KH,KW], every element of channel o is +alpha[o] or -alpha[o]
     * @param alpha  [O], not negative
     */
    record BinaryConv2d(FloatTensor weight, FloatTensor alpha, Optional<FloatTensor> bias, ConvGeometry geometry,
                        SignOfZero signOfZero) implements Op { }

    /** sign(x), then a linear layer with weights that are +-alpha per output. Weight [O,I]. Takes fp32 and int8. */
    record BinaryLinear(FloatTensor weight, FloatTensor alpha, Optional<FloatTensor> bias,
                        SignOfZero signOfZero) implements Op { }

    /** (x - mean) / sqrt(var + eps) * weight + bias over axis 1; all of length C. */
    record BatchNorm2d(FloatTensor weight, FloatTensor bias, FloatTensor mean, FloatTensor variance, float eps)
            implements Op { }

    // ---- element-wise ----

    record Relu() implements Op {
        @Override
        public String kind() {
            return "ReLU";
        }
    }

    /** min(max(x, min), max); ReLU6 and Hardtanh are of this kind. Bounds may be infinite. */
    record Clip(float min, float max) implements Op {
        @Override
        public String kind() {
            return min == 0 && max == 6 ? "ReLU6" : "Hardtanh";
        }
    }

    /** fp32. */
    record LeakyRelu(float negativeSlope) implements Op {
        @Override
        public String kind() {
            return "LeakyReLU";
        }
    }

    /** fp32. */
    record Sigmoid() implements Op { }

    /** -1, 0 or +1; NaN stays. fp32. */
    record Sign(SignOfZero signOfZero) implements Op { }

    /** Sum of two inputs, numpy broadcasting, fp32. */
    record Add() implements Op { }

    /** Product of two inputs, numpy broadcasting, fp32. */
    record Mul() implements Op { }

    /** A function of one element, fp32; what a and b are the function says. */
    record Pointwise(PointwiseFunction function, float a, float b) implements Op {

        public Pointwise(PointwiseFunction function) {
            this(function, 0, 0);
        }

        @Override
        public String kind() {
            return function.kind();
        }
    }

    /** A function of two inputs' elements, numpy broadcasting, fp32. */
    record Pairwise(PairFunction function) implements Op {
        @Override
        public String kind() {
            return function.kind();
        }
    }

    /** The second input where the first is not 0, else the third; numpy broadcasting, fp32. */
    record Where() implements Op { }

    /**
     * Joins the elements along some axes (not negative), fp32.
     *
     * @param keepDims whether these axes stay with extent 1
     */
    record Reduce(Reduction reduction, List<Integer> axes, boolean keepDims) implements Op {

        public Reduce {
            axes = List.copyOf(axes);
        }

        @Override
        public String kind() {
            return reduction.kind();
        }
    }

    /** Product of two inputs' last two axes as matrices, numpy broadcasting over the others, fp32. */
    record MatMul() implements Op { }

    // ---- pooling and normalization ----

    /** Padding never wins. */
    record MaxPool2d(PoolGeometry geometry) implements Op { }

    /** Mean over the window; padded zeros count in the divisor if {@code countIncludePad}. */
    record AvgPool2d(PoolGeometry geometry, boolean countIncludePad) implements Op { }

    /** Mean over windows from floor(i*in/out) to ceil((i+1)*in/out); 1 x 1 is the global average pool. */
    record AdaptiveAvgPool2d(int outHeight, int outWidth) implements Op { }

    /** x / (k + alpha/size * sum of squares over {@code size} neighbouring channels)^beta, fp32. */
    record LocalResponseNorm(int size, float alpha, float beta, float k) implements Op { }

    /** Root of the given order of the sum of |x|^order over the window; padding adds nothing, fp32. */
    record LPPool2d(int order, PoolGeometry geometry) implements Op { }

    /**
     * (x - mean) / sqrt(variance + eps) * weight + bias, with mean and (biased) variance of each group of neighbouring
     * channels of the image, fp32. Weight and bias [C]; as many groups as channels make InstanceNorm.
     */
    record GroupNorm(int groups, FloatTensor weight, FloatTensor bias, float eps) implements Op {
        @Override
        public String kind() {
            return groups == weight.shape().dim(0) ? "InstanceNorm2d" : "GroupNorm";
        }
    }

    /**
     * The same over all axes from the given one (not negative) on, fp32.
     *
     * @param weight in the shape of these axes
     * @param bias   in the same
     * @param center whether the mean is taken away; without it is RMSNorm, which divides by the root of the mean square
     */
    record LayerNorm(int axis, FloatTensor weight, FloatTensor bias, float eps, boolean center) implements Op {
        @Override
        public String kind() {
            return center ? "LayerNorm" : "RMSNorm";
        }
    }

    /** fp32; axis not negative. */
    record Softmax(int axis) implements Op { }

    /** fp32; axis not negative. */
    record LogSoftmax(int axis) implements Op { }

    // ---- shape ----

    /** Joins any number of inputs along an axis (not negative), fp32. */
    record Concat(int axis) implements Op {
        @Override
        public String kind() {
            return "Cat";
        }
    }

    /** Joins all axes from {@code startDim} on; with 0 the result is [1,all]. */
    record Flatten(int startDim) implements Op { }

    /** The same elements in another shape, whose first extent is 1. */
    record Reshape(Shape shape) implements Op { }

    /** Moves, repeats or leaves out elements; takes fp32 and int8. The result's first extent is 1. */
    record Rearrange(Rearrangement how) implements Op {
        @Override
        public String kind() {
            return how.kind();
        }
    }

    /** Interpolates, fp32. */
    record Upsample(Resampling how) implements Op { }

    /** The identity at inference; kept because it is a layer the user knows. */
    record Dropout() implements Op { }

    record Identity() implements Op { }

    // ---- where int8 begins and ends ----

    /**
     * A QuantStub. Without parameters it is a place for an observer (prepare) and passes its input on; with them it
     * quantizes fp32 to int8: rint(fma(x, 1/s, z)).
     */
    record QuantStub(Optional<QuantParams.PerTensor> params) implements Op { }

    /** A DeQuantStub: int8 to fp32; passes fp32 on. */
    record DeQuantStub() implements Op { }

    // ---- int8 layers, as torch.ao.nn.quantized has them ----

    /**
     * Int8 in, int8 out: acc = sum (x - z_x) * w in int32; see semantics of {@code out}.
     *
     * @param weight [O,I/groups,KH,KW] qint8, per-channel or per-tensor
     * @param bias   [O], fp32; it is added as bias / (s_x * s_w[o]) to the accumulator in float
     * @param out    of the output; lower bound is the zero point where {@code relu} is fused, else the type's
     */
    record QuantizedConv2d(QuantizedTensor weight, Optional<FloatTensor> bias, ConvGeometry geometry, boolean relu,
                           QuantParams.PerTensor out) implements Op { }

    /** Int8 in, int8 out; weight [O,I]; arithmetic as in {@link QuantizedConv2d}. */
    record QuantizedLinear(QuantizedTensor weight, Optional<FloatTensor> bias, boolean relu,
                           QuantParams.PerTensor out) implements Op { }

    /** quantized::batch_norm2d on int8. */
    record QuantizedBatchNorm2d(FloatTensor weight, FloatTensor bias, FloatTensor mean, FloatTensor variance,
                                float eps, QuantParams.PerTensor out) implements Op { }

    /** quantized::add, or add_relu, of two int8 inputs. */
    record QuantizedAdd(boolean relu, QuantParams.PerTensor out) implements Op { }

    /** quantized::mul of two int8 inputs. */
    record QuantizedMul(QuantParams.PerTensor out) implements Op { }

    /** quantized::cat of int8 inputs; each is requantized to {@code out}. */
    record QuantizedConcat(int axis, QuantParams.PerTensor out) implements Op { }

    /** quantized::leaky_relu on int8. */
    record QuantizedLeakyRelu(float negativeSlope, QuantParams.PerTensor out) implements Op { }

    /** quantized::sigmoid on int8; PyTorch fixes its output to scale 1/256, zero point 0. */
    record QuantizedSigmoid(QuantParams.PerTensor out) implements Op { }

    /** ONNX Runtime's QLinearAveragePool: int8 in, int8 out with parameters of its own. */
    record QuantizedAvgPool2d(PoolGeometry geometry, boolean countIncludePad, QuantParams.PerTensor out) implements Op { }

    /** ONNX Runtime's QLinearGlobalAveragePool: int8 in, int8 out with parameters of its own. */
    record QuantizedGlobalAvgPool2d(QuantParams.PerTensor out) implements Op { }

    /** The same levels of the same type under another scale and zero point. */
    record AsQuantized(QuantParams.PerTensor params) implements Op { }

    // ---- what is shown but cannot run ----

    /**
     * An operator that the program does not know.
     *
     * @param operator the file's own name of it, with its domain or overload
     * @param reason   what is not supported, in a sentence for the user
     * @param shape    of its output, where the file says it
     */
    record Unsupported(String operator, String reason, Optional<Shape> shape) implements Op {
        @Override
        public String kind() {
            return operator;
        }
    }
}
