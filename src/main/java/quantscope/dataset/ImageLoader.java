package quantscope.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Decodes and preprocesses the images of a folder on several threads. Which images are taken, and their inputs,
 * depend on the folder and the choices alone, never on the number of threads or on memory.
 *
 * <p>Of each load the first inputs are kept in memory as long as they stay within the budget; the rest is decoded
 * again when it is used. While it works a loader holds two further inputs a thread.
 */
public final class ImageLoader {

    /** A budget that holds the default 300 inputs of 3 x 224 x 224 twice over. */
    public static final long DEFAULT_BUDGET = 384L << 20;

    private final ImageDecoder decoder;
    private final int threads;
    private final long budget;

    /**
     * @param threads at least 1
     * @param budget  bytes of inputs that a load may keep in memory; 0 keeps none
     */
    public ImageLoader(ImageDecoder decoder, int threads, long budget) {
        this.decoder = Objects.requireNonNull(decoder);
        this.threads = threads;
        this.budget = budget;
        if (threads < 1 || budget < 0) {
            throw new IllegalArgumentException(threads + " threads and " + budget
                    + " bytes, expected at least 1 and at least 0");
        }
    }

    /**
     * A thread for each processor. The budget is the default one, but at most an eighth of the heap: an array of half
     * a megabyte may occupy twice its size there.
     */
    public static ImageLoader onAllCores(ImageDecoder decoder) {
        Runtime runtime = Runtime.getRuntime();
        return new ImageLoader(decoder, runtime.availableProcessors(),
                Math.min(DEFAULT_BUDGET, runtime.maxMemory() / 8));
    }

    /**
     * Loads what calibrates and what is compared. Unreadable images are left out and the next in order take their
     * place. Where readable images are too few, calibration comes first and the rest is compared; where calibration
     * takes them all, the first of them are compared, too.
     *
     * @param progress counts images taken
     * @throws DatasetException      when the folder has disappeared or none of its images is readable
     * @throws CancellationException when called off
     */
    public PreparedImages load(ImageSet images, ImageSelection selection, Preprocessing preprocessing,
                               Progress progress, Cancellation cancellation) {
        long wanted = (long) selection.calibration() + selection.evaluation();
        List<SkippedImage> skipped = new ArrayList<>();
        LoadedImages all = load(images, ImageOrder.shuffled(images, selection.seed()),
                (int) Math.min(wanted, Integer.MAX_VALUE), preprocessing, skipped, progress, cancellation);
        int n = all.count();
        if (n <= selection.calibration()) {
            return new PreparedImages(selection, all, all.part(0, Math.min(n, selection.evaluation())), skipped);
        }
        return new PreparedImages(selection, all.part(0, selection.calibration()),
                all.part(selection.calibration(), n), skipped);
    }

    /**
     * Loads the first readable images of a list.
     *
     * @param candidates images of the set, in the order in which they are wanted
     * @param count      how many are wanted; fewer come where fewer are readable, but at least one
     * @param skipped    unreadable images that were met are added here, in order
     * @throws DatasetException      when the folder has disappeared or no candidate is readable
     * @throws CancellationException when called off
     */
    public LoadedImages load(ImageSet images, List<ImageSet.Item> candidates, int count, Preprocessing preprocessing,
                             List<SkippedImage> skipped, Progress progress, Cancellation cancellation) {
        cancellation.check();
        Preprocessor preprocessor = new Preprocessor(preprocessing);
        AtomicBoolean stopped = new AtomicBoolean();
        int total = Math.min(count, candidates.size());
        List<LoadedImages.Loaded> loaded = new ArrayList<>();
        Queue<Future<Attempt>> ahead = new ArrayDeque<>();
        Iterator<ImageSet.Item> next = candidates.iterator();
        long left = budget;
        // Closing the pool waits for images under way: nothing goes on behind the end of this call.
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.clamp(total, 1, threads),
                Thread.ofPlatform().name("quantscope-decode-", 1).daemon().factory())) {
            try {
                while (loaded.size() < total) {
                    while (next.hasNext() && ahead.size() < Math.min(2 * threads, total - loaded.size())) {
                        ImageSet.Item item = next.next();
                        ahead.add(pool.submit(() -> attempt(images, item, preprocessor, stopped)));
                    }
                    if (ahead.isEmpty()) {
                        break;
                    }
                    Attempt attempt = ahead.remove().get();
                    cancellation.check();
                    switch (attempt) {
                        case Readable readable -> {
                            long bytes = 4 * readable.input().shape().elements();
                            boolean keep = bytes <= left;
                            // The first that does not fit ends keeping, so that no later, smaller rest is searched.
                            left = keep ? left - bytes : 0;
                            loaded.add(new LoadedImages.Loaded(readable.item(),
                                    keep ? Optional.of(readable.input()) : Optional.empty()));
                            progress.update(loaded.size(), total, "Reading images");
                        }
                        case Unreadable unreadable -> skipped.add(unreadable.image());
                    }
                }
            } catch (ExecutionException e) {
                throw failure(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            } finally {
                stopped.set(true);
            }
        }
        if (loaded.isEmpty()) {
            throw noneReadable(images, skipped);
        }
        return new LoadedImages(images, loaded, this, preprocessor);
    }

    /** @throws UnreadableImageException when the file or its size cannot be used */
    FloatTensor input(ImageSet images, ImageSet.Item item, Preprocessor preprocessor) throws UnreadableImageException {
        Path file = images.file(item);
        return decoder.decode(file, image -> {
            Optional<String> refusal = preprocessor.refusal(image.width(), image.height());
            if (refusal.isPresent()) {
                throw new UnreadableImageException(file, refusal.get());
            }
            return preprocessor.apply(image);
        });
    }

    /** What became of a candidate. */
    private sealed interface Attempt permits Readable, Unreadable { }

    private record Readable(ImageSet.Item item, FloatTensor input) implements Attempt { }

    private record Unreadable(SkippedImage image) implements Attempt { }

    private Attempt attempt(ImageSet images, ImageSet.Item item, Preprocessor preprocessor, AtomicBoolean stopped) {
        if (stopped.get()) {
            throw new CancellationException("the load has ended");
        }
        try {
            return new Readable(item, input(images, item, preprocessor));
        } catch (UnreadableImageException e) {
            checkFolder(images, item, e);
            return new Unreadable(new SkippedImage(item.path(), e.reason()));
        }
    }

    /** A folder that is gone, or an empty mount point where it was, must not look like so many broken images. */
    private static void checkFolder(ImageSet images, ImageSet.Item item, UnreadableImageException e) {
        Path root = images.root();
        if (!Files.exists(images.file(item)) && isGone(root)) {
            throw new DatasetException(root + ": the folder disappeared, or was emptied, while its images were read; "
                    + "bring it back (is a drive or network share disconnected?) or choose another one", e);
        }
    }

    private static boolean isGone(Path root) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            return !entries.iterator().hasNext();
        } catch (IOException e) {
            return true;
        }
    }

    private static DatasetException noneReadable(ImageSet images, List<SkippedImage> skipped) {
        String first = skipped.isEmpty() ? "no image was given"
                : "the first one, " + skipped.getFirst().path() + ": " + skipped.getFirst().reason();
        return new DatasetException(images.root() + ": none of " + skipped.size() + " images can be read; " + first
                + "; choose another folder");
    }

    private static RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case RuntimeException failed -> failed;
            case Error error -> throw error;
            default -> new IllegalStateException("an image failed", e.getCause());
        };
    }
}
