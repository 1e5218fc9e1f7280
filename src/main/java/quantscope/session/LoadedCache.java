package quantscope.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import quantscope.dataset.ImageSet;
import quantscope.dataset.LoadedImages;
import quantscope.dataset.Preprocessing;

/** The image lists used last, decoded: a calibration's and a comparison's. Only speed depends on it. Thread-safe. */
final class LoadedCache {

    private static final int LISTS = 2;

    private record Key(ImageSet images, List<String> paths, Preprocessing preprocessing) { }

    private record Entry(Key key, LoadedImages images) { }

    private final Deque<Entry> entries = new ArrayDeque<>();

    synchronized Optional<LoadedImages> find(ImageSet images, List<String> paths, Preprocessing preprocessing) {
        Key key = new Key(images, paths, preprocessing);
        return entries.stream().filter(e -> e.key().equals(key)).findFirst().map(Entry::images);
    }

    synchronized void put(ImageSet images, Preprocessing preprocessing, LoadedImages loaded) {
        Key key = new Key(images, loaded.paths(), preprocessing);
        entries.removeIf(e -> e.key().equals(key));
        entries.addFirst(new Entry(key, loaded));
        while (entries.size() > LISTS) {
            entries.removeLast();
        }
    }
}
