package quantscope.compare;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How the converted network's answers differ from the fp32 network's.
 *
 * @param images            every evaluated image, in order
 * @param top1Drift         share of images whose top-1 answer changes, 0 to 1
 * @param top1DriftCi95     its 95% confidence interval (Wilson's score interval)
 * @param fp32Top1          accuracy, empty without labels; likewise the others
 */
public record Drift(List<ImageComparison> images, double top1Drift, Interval top1DriftCi95, OptionalDouble fp32Top1,
                    OptionalDouble convertedTop1, OptionalDouble fp32Top5, OptionalDouble convertedTop5) {

    public Drift {
        images = List.copyOf(images);
    }

    public int imageCount() {
        return images.size();
    }

    public List<ImageComparison> drifted() {
        return images.stream().filter(ImageComparison::drifted).toList();
    }
}
