package quantscope.dataset;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import quantscope.task.Cancellation;

/**
 * Finds the images of a folder, by their extension (jpg, jpeg, jpe, jfif, png, bmp, gif, in any case).
 *
 * <p>Where immediate sub-folders hold images, at any depth, each such sub-folder is a class, as in torchvision's
 * ImageFolder: classes are sorted by code points, which is Python's sorted(), and images beside the sub-folders are
 * skipped. Otherwise the images directly in the folder are taken, without labels. Hidden files and folders are left
 * out. Links are followed; a folder is visited once for each class, and links back to the folder itself lead nowhere.
 * Links that lead nowhere and sub-folders that cannot be listed are skipped, too.
 */
public final class ImageFolder {

    /** Python's order of strings; Java's own differs beyond U+FFFF. */
    static final Comparator<String> BY_CODE_POINT = ImageFolder::compareCodePoints;

    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "jpe", "jfif", "png", "bmp", "gif");

    private final Path root;
    private final Path realRoot;
    private final Cancellation cancellation;
    private final List<SkippedImage> skipped = new ArrayList<>();

    private ImageFolder(Path root, Path realRoot, Cancellation cancellation) {
        this.root = root;
        this.realRoot = realRoot;
        this.cancellation = cancellation;
    }

    /**
     * @return the same for the same content of the folder, whatever order the file system lists it in
     * @throws DatasetException when there is no such folder, it cannot be listed or has no image in it
     * @throws java.util.concurrent.CancellationException when called off
     */
    public static ImageSet scan(Path root, Cancellation cancellation) {
        Objects.requireNonNull(cancellation);
        if (!Files.exists(root)) {
            throw new DatasetException(root + ": there is no such folder; choose a folder of images");
        }
        if (!Files.isDirectory(root)) {
            throw new DatasetException(root + ": is a file, expected a folder; choose the folder that the images are in");
        }
        try {
            return new ImageFolder(root, root.toRealPath(), cancellation).scan();
        } catch (IOException e) {
            throw unreadable(root, e);
        }
    }

    private ImageSet scan() throws IOException {
        List<Path> entries = entries(root);
        List<String> classes = new ArrayList<>();
        List<ImageSet.Item> items = new ArrayList<>();
        for (Path entry : entries) {
            List<String> found = new ArrayList<>();
            if (Files.isDirectory(entry)) {
                collect(entry, new HashSet<>(), found);
            }
            if (!found.isEmpty()) {
                OptionalInt label = OptionalInt.of(classes.size());
                classes.add(entry.getFileName().toString());
                found.forEach(path -> items.add(new ImageSet.Item(path, label)));
            }
        }
        for (Path entry : entries) {
            if (isImage(entry)) {
                if (classes.isEmpty()) {
                    items.add(new ImageSet.Item(relative(entry), OptionalInt.empty()));
                } else {
                    skipped.add(new SkippedImage(relative(entry), "lies beside sub-folders with images, which are taken for "
                            + "classes; move it into one of them, or choose a folder without them"));
                }
            }
        }
        if (items.isEmpty()) {
            throw new DatasetException(root + ": no image in this folder or one level of sub-folders and below; choose "
                    + "a folder with JPEG, PNG, BMP or GIF files, or with a sub-folder of them for each class");
        }
        items.sort(Comparator.comparing(ImageSet.Item::path, BY_CODE_POINT));
        skipped.sort(Comparator.comparing(SkippedImage::path, BY_CODE_POINT));
        return new ImageSet(root, classes, items, skipped);
    }

    private void collect(Path folder, Set<Path> visited, List<String> found) {
        List<Path> entries;
        try {
            Path real = folder.toRealPath();
            if (realRoot.startsWith(real) || !visited.add(real)) {
                return;
            }
            entries = entries(folder);
        } catch (IOException e) {
            skipped.add(new SkippedImage(relative(folder), "the folder cannot be listed (" + e.getClass().getSimpleName()
                    + ")"));
            return;
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                collect(entry, visited, found);
            } else if (isImage(entry)) {
                found.add(relative(entry));
            }
        }
    }

    /** What is in a folder and not hidden, sorted by name. */
    private List<Path> entries(Path folder) throws IOException {
        cancellation.check();
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (!entry.getFileName().toString().startsWith(".") && !Files.isHidden(entry)) {
                    entries.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing(entry -> entry.getFileName().toString(), BY_CODE_POINT));
        return entries;
    }

    private static DatasetException unreadable(Path folder, IOException e) {
        return new DatasetException(folder + ": the folder cannot be listed (" + e.getClass().getSimpleName() + ": "
                + e.getMessage() + "); check that it is still there and that you may read it", e);
    }

    /** Whether it is a file with an image's name; what has the name and leads nowhere is skipped. */
    private boolean isImage(Path file) {
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (name.indexOf('.') <= 0 || !EXTENSIONS.contains(extension) || Files.isDirectory(file)) {
            return false;
        }
        boolean regular = Files.isRegularFile(file);
        if (!regular) {
            skipped.add(new SkippedImage(relative(file), Files.exists(file) ? "is no regular file"
                    : "is a link to a file that is not there"));
        }
        return regular;
    }

    private String relative(Path file) {
        Path path = root.relativize(file);
        List<String> names = new ArrayList<>();
        path.forEach(name -> names.add(name.toString()));
        return String.join("/", names);
    }

    private static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                boolean wide = Character.isSurrogate(a.charAt(i)) != Character.isSurrogate(b.charAt(i));
                // A surrogate stands for a code point above every other char, although some chars are above it.
                return wide ? Character.isSurrogate(a.charAt(i)) ? 1 : -1 : Character.compare(a.charAt(i), b.charAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
