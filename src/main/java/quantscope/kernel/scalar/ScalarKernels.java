package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;

/** The road that runs everywhere and that the others are measured against. */
public final class ScalarKernels implements Kernels {

    @Override
    public Kernel pack(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Conv s -> new ScalarConv(s);
            case KernelSpec.Int8Conv s -> new ScalarInt8Conv(s);
            case KernelSpec.SaturatedInt8Conv s -> new ScalarSaturatedConv(s);
            case KernelSpec.BinaryConv s -> new ScalarBinaryConv(s);
            case KernelSpec.Rows s -> new RowsKernel(s, pack(s.inner()));
            case KernelSpec.Quantize s -> Pointwise.quantize(s);
            case KernelSpec.DividingQuantize s -> Pointwise.quantize(s);
            case KernelSpec.Dequantize s -> Pointwise.dequantize(s);
            case KernelSpec.Unary s -> Pointwise.unary(s);
            case KernelSpec.Pointwise s -> Pointwise.function(s);
            case KernelSpec.Pairwise s -> Pairwise.function(s);
            case KernelSpec.Select s -> Moving.select(s);
            case KernelSpec.Gather s -> Moving.gather(s);
            case KernelSpec.WeightedBlocks s -> Moving.weighted(s);
            case KernelSpec.Normalize s -> new Normalizing(s);
            case KernelSpec.Reduce s -> Reducing.reduce(s);
            case KernelSpec.MatMul s -> Products.matrices(s);
            case KernelSpec.TransposedConv s -> new TransposedConvolution(s);
            case KernelSpec.LpPool s -> Reducing.pool(s);
            case KernelSpec.Int8Map s -> Pointwise.map(s);
            case KernelSpec.BatchNorm s -> Pointwise.batchNorm(s);
            case KernelSpec.Int8BatchNorm s -> Pointwise.batchNorm(s);
            case KernelSpec.Int8ChannelMap s -> Pointwise.map(s);
            case KernelSpec.Binary s -> Pairwise.binary(s);
            case KernelSpec.Int8Add s -> Pairwise.add(s);
            case KernelSpec.Int8Mul s -> Pairwise.multiply(s);
            case KernelSpec.Int8Pairs s -> Pairwise.pairs(s);
            case KernelSpec.MaxPool s -> MaxPooling.float32(s.shape());
            case KernelSpec.Int8MaxPool s -> MaxPooling.int8(s.shape());
            case KernelSpec.BitMaxPool s -> new BitMaxPooling(s);
            case KernelSpec.AvgPool s -> AveragePooling.float32(s);
            case KernelSpec.Int8AvgPool s -> AveragePooling.int8(s);
            case KernelSpec.RealAvgPool s -> AveragePooling.real(s);
            case KernelSpec.ScaledAvgPool s -> AveragePooling.scaled(s);
            case KernelSpec.AdaptiveAvgPool s -> AdaptivePooling.float32(s);
            case KernelSpec.Int8AdaptiveAvgPool s -> AdaptivePooling.int8(s);
            case KernelSpec.LocalResponseNorm s -> new LocalResponse(s);
            case KernelSpec.Softmax s -> SoftmaxKernel.of(s);
            case KernelSpec.Reorder s -> Joining.reorder(s);
            case KernelSpec.Concat s -> Joining.concat(s);
            case KernelSpec.Int8Concat s -> Joining.concat(s);
        };
    }

    @Override
    public String description() {
        return "plain Java";
    }
}
