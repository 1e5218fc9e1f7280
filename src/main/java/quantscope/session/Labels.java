package quantscope.session;

import java.util.List;
import java.util.OptionalInt;
import quantscope.dataset.ImageSet;

/**
 * From a folder's classes to the model's. Where sub-folders bear the model's class names, those decide, and a folder
 * that the model does not know gives no label. Where none does and there are as many folders as classes, ImageFolder's
 * order decides.
 */
final class Labels {

    private final List<String> folders;
    private final List<String> classNames;
    private final boolean byName;
    private final boolean byOrder;

    /** @param outputs how many classes the network tells apart */
    Labels(ImageSet images, List<String> classNames, int outputs) {
        this.folders = images.classes();
        this.classNames = classNames;
        this.byName = folders.stream().anyMatch(classNames::contains);
        this.byOrder = !byName && folders.size() == outputs;
    }

    ImageSet.Item inModelOrder(ImageSet.Item item) {
        return new ImageSet.Item(item.path(), label(item));
    }

    private OptionalInt label(ImageSet.Item item) {
        if (item.label().isEmpty()) {
            return OptionalInt.empty();
        }
        if (byName) {
            int index = classNames.indexOf(folders.get(item.label().getAsInt()));
            return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
        }
        return byOrder ? item.label() : OptionalInt.empty();
    }
}
