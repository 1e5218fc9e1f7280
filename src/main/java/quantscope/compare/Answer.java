package quantscope.compare;

import java.util.List;

/**
 * A network's answer for one image.
 *
 * @param top5          class indices, most probable first; fewer where there are fewer classes; ties go to the
 *                      lower index
 * @param probabilities of those classes: softmax of the output, or the output itself where the network ends in a
 *                      softmax
 */
public record Answer(List<Integer> top5, List<Float> probabilities) {

    public Answer {
        top5 = List.copyOf(top5);
        probabilities = List.copyOf(probabilities);
    }

    public int top1() {
        return top5.getFirst();
    }
}
