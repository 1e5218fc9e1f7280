package quantscope.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import quantscope.tensor.FloatTensor;

/**
 * Images that have proved readable, as inputs of the network. Some inputs are kept in memory, the others are decoded
 * again whenever they are asked for; see {@link ImageLoader}. Immutable, safe for many threads.
 */
public final class LoadedImages {

    private final ImageSet images;
    private final List<Loaded> loaded;
    private final ImageLoader loader;
    private final Preprocessor preprocessor;

    /** @param kept the input, or nothing where it has to be decoded again */
    record Loaded(ImageSet.Item item, Optional<FloatTensor> kept) { }

    LoadedImages(ImageSet images, List<Loaded> loaded, ImageLoader loader, Preprocessor preprocessor) {
        this.images = images;
        this.loaded = List.copyOf(loaded);
        this.loader = loader;
        this.preprocessor = preprocessor;
    }

    public int count() {
        return loaded.size();
    }

    /** The images, in the order in which they are used. */
    public List<ImageSet.Item> items() {
        return loaded.stream().map(Loaded::item).toList();
    }

    /** Paths relative to the folder, in the same order. */
    public List<String> paths() {
        return loaded.stream().map(image -> image.item().path()).toList();
    }

    /** How many inputs are kept in memory. */
    public int kept() {
        return (int) loaded.stream().filter(image -> image.kept().isPresent()).count();
    }

    /**
     * The input for image i, [1,C,H,W].
     *
     * @throws DatasetException when the file, or its folder, is not there any more or has changed to something
     *                          unreadable
     */
    public FloatTensor input(int i) {
        Loaded image = loaded.get(i);
        return image.kept().orElseGet(() -> again(image.item()));
    }

    LoadedImages part(int from, int to) {
        return new LoadedImages(images, loaded.subList(from, to), loader, preprocessor);
    }

    private FloatTensor again(ImageSet.Item item) {
        try {
            return loader.input(images, item, preprocessor);
        } catch (UnreadableImageException e) {
            Path file = images.file(item);
            throw new DatasetException(file + ": could be read before, but not any more (" + e.reason()
                    + "); leave the images as they are while they are worked on, and start again", e);
        }
    }
}
