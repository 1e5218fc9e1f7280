package quantscope.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** In which order images are taken from a folder. */
public final class ImageOrder {

    private ImageOrder() { }

    /**
     * The images shuffled by Fisher-Yates: for i from n - 1 down to 1 images i and {@code nextInt(i + 1)} change
     * places, with the numbers of {@code java.util.Random(seed)}.
     */
    public static List<ImageSet.Item> shuffled(ImageSet images, long seed) {
        List<ImageSet.Item> order = new ArrayList<>(images.items());
        Random random = new Random(seed);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return List.copyOf(order);
    }
}
