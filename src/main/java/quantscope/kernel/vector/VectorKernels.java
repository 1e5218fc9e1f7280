package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.MendedConv;
import quantscope.kernel.scalar.RowsKernel;
import quantscope.kernel.scalar.ScalarKernels;

/**
 * The Vector API for everything that multiplies by weights. The rest are plain loops, which the compiler vectorizes
 * itself.
 */
public final class VectorKernels implements Kernels {

    private final ScalarKernels plain = new ScalarKernels();

    @Override
    public Kernel pack(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Conv s when DepthwiseConv.takes(s) -> new DepthwiseConv(s);
            case KernelSpec.Int8Conv s when Int8DepthwiseConv.takes(s) -> new Int8DepthwiseConv(s);
            case KernelSpec.Conv s -> s.shape().outPlane() == 1 ? new LinearConv(s) : new PanelConv(s);
            case KernelSpec.Int8Conv s -> s.shape().outPlane() == 1 && Int8DotConv.takes(s)
                    ? new Int8DotConv(s) : new Int8PanelConv(s);
            case KernelSpec.SaturatedInt8Conv s -> new MendedConv(s, pack(s.exact()));
            case KernelSpec.BinaryConv s -> new BitConv(s);
            case KernelSpec.Rows s -> new RowsKernel(s, pack(s.inner()));
            case KernelSpec.Quantize s -> new QuantizeKernel(s);
            case KernelSpec.DividingQuantize s -> plain.pack(s);
            case KernelSpec.Dequantize s -> plain.pack(s);
            case KernelSpec.Unary s -> plain.pack(s);
            case KernelSpec.Pointwise s -> plain.pack(s);
            case KernelSpec.Pairwise s -> plain.pack(s);
            case KernelSpec.Select s -> plain.pack(s);
            case KernelSpec.LpPool s -> plain.pack(s);
            case KernelSpec.Normalize s -> plain.pack(s);
            case KernelSpec.Reduce s -> plain.pack(s);
            case KernelSpec.MatMul s -> plain.pack(s);
            case KernelSpec.TransposedConv s -> plain.pack(s);
            case KernelSpec.Gather s -> plain.pack(s);
            case KernelSpec.WeightedBlocks s -> plain.pack(s);
            case KernelSpec.Int8Map s -> plain.pack(s);
            case KernelSpec.BatchNorm s -> plain.pack(s);
            case KernelSpec.Int8BatchNorm s -> plain.pack(s);
            case KernelSpec.Int8ChannelMap s -> plain.pack(s);
            case KernelSpec.Binary s -> plain.pack(s);
            case KernelSpec.Int8Add s -> plain.pack(s);
            case KernelSpec.Int8Mul s -> plain.pack(s);
            case KernelSpec.Int8Pairs s -> plain.pack(s);
            case KernelSpec.MaxPool s -> new MaxPoolKernel(s.shape(), false);
            case KernelSpec.Int8MaxPool s -> new MaxPoolKernel(s.shape(), true);
            case KernelSpec.BitMaxPool s -> plain.pack(s);
            case KernelSpec.AvgPool s -> plain.pack(s);
            case KernelSpec.Int8AvgPool s -> plain.pack(s);
            case KernelSpec.RealAvgPool s -> plain.pack(s);
            case KernelSpec.ScaledAvgPool s -> plain.pack(s);
            case KernelSpec.AdaptiveAvgPool s -> plain.pack(s);
            case KernelSpec.Int8AdaptiveAvgPool s -> plain.pack(s);
            case KernelSpec.LocalResponseNorm s -> plain.pack(s);
            case KernelSpec.Softmax s -> plain.pack(s);
            case KernelSpec.Reorder s -> plain.pack(s);
            case KernelSpec.Concat s -> plain.pack(s);
            case KernelSpec.Int8Concat s -> plain.pack(s);
        };
    }

    @Override
    public String description() {
        return "Vector API, " + FloatVector.SPECIES_PREFERRED.vectorBitSize() + " bit";
    }
}
