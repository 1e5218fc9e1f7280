package quantscope.run;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** Runs many images through a graph, as many at a time as there are threads, and hands the results over in order. */
public interface ImageRunner {

    /**
     * @param executable   what to run
     * @param inputs       gives image i, [1,C,H,W]; called from several threads, may decode on the way
     * @param count        number of images
     * @param taps         nodes whose values to keep for the consumer
     * @param consumer     is called once an image, in order 0, 1, 2, ..., never from two threads at once
     * @param progress     counts images
     * @throws java.util.concurrent.CancellationException when called off; whatever inputs or consumer throw comes out
     */
    void run(Executable executable, ImageInputs inputs, int count, Set<String> taps, Consumer<ImageResult> consumer,
             Progress progress, Cancellation cancellation);

    /** How many threads it uses; no result depends on it. */
    int threads();

    /** Where the images come from. */
    @FunctionalInterface
    interface ImageInputs {
        FloatTensor input(int index);

        static ImageInputs of(List<FloatTensor> images) {
            return images::get;
        }
    }

    /**
     * @param index  of the image
     * @param output the network's first output, fp32
     * @param taps   the values asked for, by node
     */
    record ImageResult(int index, FloatTensor output, Map<String, Value> taps) { }
}
