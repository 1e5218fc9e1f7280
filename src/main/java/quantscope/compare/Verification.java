package quantscope.compare;

import java.util.List;
import quantscope.quant.Profile;

/**
 * An exported model in another runtime against the network as it was shown.
 *
 * @param runtime with its version
 * @param profile whose arithmetic was shown
 * @param images  in the order in which they ran
 */
public record Verification(String runtime, Profile profile, List<ImageAgreement> images) {

    public Verification {
        images = List.copyOf(images);
    }

    public long agreeing() {
        return images.stream().filter(ImageAgreement::agrees).count();
    }

    /** Over all images; 0 for none. */
    public double largestDifference() {
        return images.stream().mapToDouble(ImageAgreement::largestDifference).max().orElse(0);
    }
}
