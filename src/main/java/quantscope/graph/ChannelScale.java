package quantscope.graph;

import java.util.Arrays;
import java.util.Optional;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * A constant factor for each output channel of a layer, applied by a product behind it.
 *
 * @param product name of the product
 * @param factors one for each channel
 */
record ChannelScale(String product, float[] factors) {

    /** Empty where the constant varies along another axis than the channels'. */
    static Optional<ChannelScale> of(String product, FloatTensor constant, Node layer) {
        Shape shape = layer.requireShape();
        int axis = layer.op() instanceof Op.Conv2d ? 1 : shape.rank() - 1;
        int channels = shape.dim(axis);
        Shape own = constant.shape();
        float[] factors = constant.data();
        if (own.elements() == 1) {
            factors = new float[channels];
            Arrays.fill(factors, constant.data()[0]);
        } else if (own.elements() != channels || own.rank() < shape.rank() - axis
                || own.dim(axis - shape.rank()) != channels) {
            return Optional.empty();
        }
        return Optional.of(new ChannelScale(product, factors));
    }
}
