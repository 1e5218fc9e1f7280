package quantscope.run;

import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A node's value for one image, in [N,C,H,W] or [N,F] order. */
public sealed interface Value {

    Shape shape();

    record Fp32(FloatTensor tensor) implements Value {
        @Override
        public Shape shape() {
            return tensor.shape();
        }
    }

    record Int8(QuantizedTensor tensor) implements Value {
        @Override
        public Shape shape() {
            return tensor.shape();
        }
    }
}
