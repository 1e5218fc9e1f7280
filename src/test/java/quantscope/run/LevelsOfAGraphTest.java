package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import quantscope.graph.ConvGeometry;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.Shape;

class LevelsOfAGraphTest {

    private static final QuantParams.PerTensor PARAMS = new QuantParams.PerTensor(QuantDtype.QUINT8, 0.05f, 4);

    @Test
    void aClipBoundsTheNextConvolutionsLevelsAndQuantizingDoesNot() {
        GraphBuilder b = new GraphBuilder("clipped");
        SmallNets.add(b, "input", new Op.Input(Shape.of(1, 8, 6, 6)));
        SmallNets.add(b, "quant", new Op.QuantStub(Optional.of(PARAMS)), "input");
        SmallNets.add(b, "conv1", conv(), "quant");
        SmallNets.add(b, "relu6", new Op.Clip(0, 6), "conv1");
        SmallNets.add(b, "pool", new Op.MaxPool2d(PoolGeometry.of(2, 2, 0)), "relu6");
        SmallNets.add(b, "drop", new Op.Dropout(), "pool");
        SmallNets.add(b, "conv2", conv(), "drop");
        List<Integer> levels = new ArrayList<>();
        new GraphEngine(new Noting(levels)).compile(b.build(List.of("conv2")));
        // 6 is 120 steps of 0.05 above the zero point.
        assertEquals(List.of(255, 124), levels);
    }

    private static Op conv() {
        byte[] levels = new byte[8 * 8 * 9];
        new Random(1).nextBytes(levels);
        return new Op.QuantizedConv2d(new QuantizedTensor(Shape.of(8, 8, 3, 3), levels,
                new QuantParams.PerTensor(QuantDtype.QINT8, 0.01f, 0)), Optional.empty(), ConvGeometry.of(1, 1), false,
                PARAMS);
    }

    /** Notes the largest levels of the convolutions that it packs. */
    private record Noting(List<Integer> levels) implements Kernels {

        @Override
        public Kernel pack(KernelSpec spec) {
            if (spec instanceof KernelSpec.Int8Conv conv) {
                levels.add(conv.largestLevel());
            }
            return new ScalarKernels().pack(spec);
        }

        @Override
        public String description() {
            return "noting";
        }
    }
}
