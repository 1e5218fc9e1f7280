package quantscope.bench;

import java.util.List;
import java.util.Map;
import quantscope.tensor.FloatTensor;

/** Somebody who runs a network, with weights, threads and batch settled. */
interface Contender extends AutoCloseable {

    String name();

    /** Runs the images as one batch, from fp32 planes to fp32 answers, one answer behind the other. */
    float[] run(List<FloatTensor> images);

    /** Milliseconds of each layer for the whole batch, in running order, by the name of the node that ends it. */
    Map<String, Double> layerMillis(List<FloatTensor> images);

    @Override
    void close();
}
