package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

class ImageLoaderTest {

    /** Bytes of one input of {@link #PREPROCESSING}. */
    private static final long INPUT = 4 * 3 * 8 * 8;
    private static final Preprocessing PREPROCESSING = new Preprocessing(OptionalInt.of(8), 8, 8,
            new float[] {0, 0, 0}, new float[] {1, 1, 1});

    @TempDir
    private Path root;

    @Test
    void takesTheFirstReadableImagesOfTheShuffledFolder() throws IOException {
        ImageSet set = folder(20, 7, 11);
        PreparedImages images = load(set, new ImageSelection(6, 4, 3, 2), 2, ImageLoader.DEFAULT_BUDGET);
        List<String> readable = ImageOrder.shuffled(set, 3).stream().map(ImageSet.Item::path)
                .filter(path -> !path.equals(name(7)) && !path.equals(name(11))).toList();
        assertEquals(readable.subList(0, 6), images.calibration().paths());
        assertEquals(readable.subList(6, 10), images.evaluation().paths());
        assertTrue(images.shortage().isEmpty());
    }

    @Test
    void listsTheUnreadableImagesThatItMetInOrder() throws IOException {
        ImageSet set = folder(12, 1, 5, 9);
        PreparedImages images = load(set, new ImageSelection(5, 4, 0, 1), 3, 0);
        List<String> broken = ImageOrder.shuffled(set, 0).stream().map(ImageSet.Item::path)
                .filter(Set.of(name(1), name(5), name(9))::contains).toList();
        assertEquals(broken, images.skipped().stream().map(SkippedImage::path).toList());
        assertTrue(images.skipped().getFirst().reason().contains("none of JPEG"), images.skipped().toString());
        assertTrue(images.shortage().isEmpty());
    }

    @Test
    void resultsDependOnNeitherThreadsNorMemory() throws IOException {
        ImageSet set = folder(30, 2, 3, 4, 20);
        PreparedImages one = load(set, new ImageSelection(10, 12, 5, 4), 1, 0);
        PreparedImages many = load(set, new ImageSelection(10, 12, 5, 4), 7, 13 * INPUT);
        assertEquals(0, one.calibration().kept() + one.evaluation().kept());
        assertEquals(13, many.calibration().kept() + many.evaluation().kept());
        assertEquals(one.skipped(), many.skipped());
        assertEquals(one.calibration().paths(), many.calibration().paths());
        assertEquals(one.evaluation().paths(), many.evaluation().paths());
        for (int i = 0; i < 12; i++) {
            assertArrayEquals(one.evaluation().input(i).data(), many.evaluation().input(i).data(), "image " + i);
        }
        assertNotEquals(one.calibration().input(0).data()[0], one.calibration().input(1).data()[0]);
    }

    @Test
    void calibrationComesFirstWhereImagesAreTooFew() throws IOException {
        ImageSet set = folder(10, 4);
        PreparedImages images = load(set, new ImageSelection(6, 100, 0, 32), 2, 0);
        assertEquals(6, images.calibration().count());
        assertEquals(3, images.evaluation().count());
        assertEquals("The folder has 9 readable images: 6 calibrate, 3 instead of 100 are left to compare on.",
                images.shortage().orElseThrow());
        Set<String> different = new HashSet<>(images.calibration().paths());
        different.addAll(images.evaluation().paths());
        assertEquals(9, different.size());
    }

    @Test
    void whereAllImagesCalibrateTheFirstOfThemAreComparedToo() throws IOException {
        ImageSet set = folder(4);
        for (ImageSelection selection : List.of(new ImageSelection(4, 3, 0, 1), new ImageSelection(1000, 3, 0, 1),
                new ImageSelection(Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 1))) {
            PreparedImages images = load(set, selection, 2, 0);
            assertEquals(4, images.calibration().count());
            assertEquals(images.calibration().paths().subList(0, Math.min(4, selection.evaluation())),
                    images.evaluation().paths());
            assertEquals("The folder has 4 readable images, all of which calibrate: the comparison runs on images that"
                    + " calibrated.", images.shortage().orElseThrow());
        }
    }

    @Test
    void aSingleImageServesBothParts() throws IOException {
        PreparedImages images = load(folder(3, 0, 2), new ImageSelection(5, 5, 0, 1), 2, 0);
        assertEquals(List.of(name(1)), images.calibration().paths());
        assertEquals(List.of(name(1)), images.evaluation().paths());
        assertTrue(images.shortage().orElseThrow().contains("one readable image"));
    }

    @Test
    void saysThatNoImageIsReadableAndWhy() throws IOException {
        ImageSet set = folder(2, 0, 1);
        String message = assertThrows(DatasetException.class, () -> load(set, ImageSelection.DEFAULT, 2, 0))
                .getMessage();
        assertTrue(message.contains("none of 2 images") && message.contains("none of JPEG")
                && message.contains(root.toString()), message);
    }

    @Test
    void aFolderThatDisappearsIsNotSoManyBrokenImages() throws IOException {
        ImageSet set = folder(10);
        AtomicInteger removed = new AtomicInteger();
        Progress remove = (done, total, what) -> {
            if (done == 2 && removed.getAndIncrement() == 0) {
                removeFolder();
            }
        };
        DatasetException e = assertThrows(DatasetException.class, () -> new ImageLoader(new ImageDecoder(), 1, 0)
                .load(set, new ImageSelection(6, 4, 0, 1), PREPROCESSING, remove, Cancellation.NEVER));
        assertTrue(e.getMessage().startsWith(root + ": the folder disappeared"), e.getMessage());
    }

    @Test
    void saysWhenAnImageIsNoLongerWhatItWas() throws IOException {
        ImageSet set = folder(2);
        PreparedImages images = load(set, new ImageSelection(1, 1, 0, 1), 1, INPUT);
        Files.delete(root.resolve(images.evaluation().paths().getFirst()));
        Files.delete(root.resolve(images.calibration().paths().getFirst()));
        assertEquals(8, images.calibration().input(0).shape().dim(2), "a kept input needs no file");
        String message = assertThrows(DatasetException.class, () -> images.evaluation().input(0)).getMessage();
        assertTrue(message.contains("could be read before") && message.contains("no longer there"), message);
    }

    @Test
    void skipsImagesOfAbsurdShape() throws IOException {
        ImageSet set = folder(3);
        ImageIO.write(new BufferedImage(1, 20_000, BufferedImage.TYPE_INT_RGB), "png", root.resolve(name(1)).toFile());
        Preprocessing large = new Preprocessing(OptionalInt.of(256), 8, 8, new float[] {0}, new float[] {1});
        List<SkippedImage> skipped = new ArrayList<>();
        LoadedImages images = new ImageLoader(new ImageDecoder(), 2, 0).load(set, set.items(), 3, large, skipped,
                Progress.NONE, Cancellation.NEVER);
        assertEquals(List.of(name(0), name(2)), images.paths());
        assertTrue(skipped.getFirst().reason().contains("1 x 20000"), skipped.toString());
    }

    @Test
    void canBeCalledOffBetweenImages() throws IOException {
        ImageSet set = folder(10);
        AtomicInteger done = new AtomicInteger();
        assertThrows(CancellationException.class, () -> new ImageLoader(new ImageDecoder(), 2, 0).load(set,
                new ImageSelection(5, 5, 0, 1), PREPROCESSING, (d, t, w) -> done.set((int) d), () -> done.get() >= 3));
        assertEquals(3, done.get());
    }

    @Test
    void reportsProgressUpToTheImagesTaken() throws IOException {
        ImageSet set = folder(6, 0);
        List<String> seen = new ArrayList<>();
        new ImageLoader(new ImageDecoder(), 2, 0).load(set, new ImageSelection(2, 2, 0, 1), PREPROCESSING,
                (d, t, w) -> seen.add(d + "/" + t + " " + w), Cancellation.NEVER);
        assertEquals(List.of("1/4 Reading images", "2/4 Reading images", "3/4 Reading images", "4/4 Reading images"),
                seen);
    }

    @Test
    void shufflesAsDocumented() throws IOException {
        ImageSet set = folder(5);
        assertEquals(Set.copyOf(set.items()), Set.copyOf(ImageOrder.shuffled(set, 1)));
        assertFalse(ImageOrder.shuffled(set, 1).equals(ImageOrder.shuffled(set, 2)));
        // Random(0) gives 0, 3, 1, 1 for nextInt(5), nextInt(4), nextInt(3), nextInt(2).
        assertEquals(List.of(name(4), name(2), name(1), name(3), name(0)),
                ImageOrder.shuffled(set, 0).stream().map(ImageSet.Item::path).toList());
    }

    @Test
    void bugsAreNotTakenForUnreadableImages() throws IOException {
        ImageSet set = folder(2);
        IllegalStateException bug = new IllegalStateException("a bug");
        assertSame(bug, assertThrows(IllegalStateException.class, () -> new ImageLoader(new ImageDecoder(), 1, 0)
                .load(set, new ImageSelection(1, 1, 0, 1), PREPROCESSING, (d, t, w) -> {
                    throw bug;
                }, Cancellation.NEVER)));
    }

    private static PreparedImages load(ImageSet set, ImageSelection selection, int threads, long budget) {
        return new ImageLoader(new ImageDecoder(), threads, budget).load(set, selection, PREPROCESSING, Progress.NONE,
                Cancellation.NEVER);
    }

    private static String name(int i) {
        return "image%02d.png".formatted(i);
    }

    /** A flat folder of images, each of its own colour; those in broken are text. */
    private ImageSet folder(int count, int... broken) throws IOException {
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < 64; p++) {
                image.setRGB(p % 8, p / 8, (8 * i + 5) << 16 | p);
            }
            ImageIO.write(image, "png", root.resolve(name(i)).toFile());
        }
        for (int i : broken) {
            Files.writeString(root.resolve(name(i)), "no image");
        }
        return ImageFolder.scan(root, Cancellation.NEVER);
    }

    private void removeFolder() {
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
