package quantscope.run;

import quantscope.tensor.FloatTensor;

/** Runs one image after the other in memory of its own. Not thread-safe. */
public interface Worker {

    /**
     * Runs one image.
     *
     * @param image [1,C,H,W], fp32, the shape of the graph's input
     * @param tap   is handed copies of the values it wants while the image runs
     * @return the first output, fp32 (dequantized if the graph ends in int8)
     * @throws IllegalArgumentException when the shape is not the input's
     */
    FloatTensor run(FloatTensor image, Tap tap);
}
