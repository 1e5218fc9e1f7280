package quantscope.run;

import java.util.List;
import quantscope.tensor.FloatTensor;

/** Runs images in memory of its own. Not thread-safe. */
public interface Worker {

    /** How many images it takes at a time. */
    int images();

    /**
     * Runs some images, each with the result that it would have alone.
     *
     * @param images [1,C,H,W] each, fp32, the shape of the graph's input; at most {@link #images}
     * @param taps   one for each image, is handed copies of the values it wants while the image runs, on
     *               the thread that runs it
     * @return the first output of each, fp32 (dequantized if the graph ends in int8)
     * @throws IllegalArgumentException when a shape is not the input's
     */
    List<FloatTensor> run(List<FloatTensor> images, List<? extends Tap> taps);

    /** Runs one image. */
    default FloatTensor run(FloatTensor image, Tap tap) {
        return run(List.of(image), List.of(tap)).getFirst();
    }
}
