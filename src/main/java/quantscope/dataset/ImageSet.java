package quantscope.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The images of a folder.
 *
 * @param root    the folder
 * @param classes names of the sub-folders, sorted as ImageFolder does; empty for a flat folder without labels
 * @param items   the images, sorted by their path
 * @param skipped what looks like images but is none of them, and sub-folders that cannot be listed
 */
public record ImageSet(Path root, List<String> classes, List<Item> items, List<SkippedImage> skipped) {

    public ImageSet {
        Objects.requireNonNull(root);
        classes = List.copyOf(classes);
        items = List.copyOf(items);
        skipped = List.copyOf(skipped);
    }

    /** Images that can all be used. */
    public ImageSet(Path root, List<String> classes, List<Item> items) {
        this(root, classes, items, List.of());
    }

    /** A folder that is not looked at. */
    public static ImageSet none(Path root) {
        return new ImageSet(root, List.of(), List.of());
    }

    /** Whether the folder has a class per sub-folder. */
    public boolean labelled() {
        return !classes.isEmpty();
    }

    public Path file(Item item) {
        return root.resolve(item.path());
    }

    /**
     * One image.
     *
     * @param path  relative to the folder, with forward slashes on every system
     * @param label index into the classes, empty without labels
     */
    public record Item(String path, OptionalInt label) {

        public Item {
            Objects.requireNonNull(path);
            Objects.requireNonNull(label);
        }
    }
}
