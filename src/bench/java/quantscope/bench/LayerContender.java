package quantscope.bench;

import java.util.List;
import java.util.Map;
import quantscope.tensor.FloatTensor;

/** Somebody who runs a network's layers, with weights, threads and batch settled. */
interface LayerContender extends AutoCloseable {

    String name();

    /** Milliseconds for the whole batch of each layer with weights that it runs, as {@link Layers} has them. */
    Map<String, Double> layerMillis(List<FloatTensor> images);

    @Override
    void close();
}
