package quantscope.quant;

import java.util.List;
import java.util.Optional;
import quantscope.tensor.FloatTensor;

/**
 * Watches a tensor over the calibration batches and derives its scale and zero point.
 * Not thread-safe; the result depends on the batches and their order alone.
 */
public interface Observer {

    /**
     * Takes in one batch.
     *
     * @param batch the batch's images in order, all of one shape; together they are what PyTorch's
     *              observer sees as one tensor. A weight is a batch of one tensor.
     */
    void observe(List<FloatTensor> batch);

    /** Whether anything finite was observed; if not, parameters are scale 1, zero point 0, and the caller warns. */
    boolean observed();

    /** Smallest and largest value taken in, before any clipping; zeros where nothing was observed. */
    ObservedRange range();

    /** What a HistogramObserver has counted; empty for the others and before anything was observed. */
    default Optional<Histogram> histogram() {
        return Optional.empty();
    }

    /** What PyTorch's calculate_qparams gives for all that was observed. */
    QuantParams calculateQParams();
}
