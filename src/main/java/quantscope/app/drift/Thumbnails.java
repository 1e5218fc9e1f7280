package quantscope.app.drift;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import quantscope.app.task.TaskRunner;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.RgbImage;
import quantscope.dataset.UnreadableImageException;

/** Pictures of files, made away from the window's thread; the last ones that were asked for are kept. */
final class Thumbnails {

    private final TaskRunner tasks;
    private final String title;
    private final int side;
    private final int kept;
    private final ImageDecoder decoder = new ImageDecoder();
    private final Map<Path, Optional<Image>> known = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Path, List<Consumer<Optional<Image>>>> waiting = new HashMap<>();

    /**
     * @param title of the task that makes one
     * @param side  of the square that a picture fits into, in pixels; smaller pictures stay as they are
     * @param kept  how many are kept at most
     */
    Thumbnails(TaskRunner tasks, String title, int side, int kept) {
        this.tasks = tasks;
        this.title = title;
        this.side = side;
        this.kept = kept;
    }

    /** Hands on the picture, empty where the file cannot be read: at once where it is known, else when it is made. */
    void show(Path file, Consumer<Optional<Image>> picture) {
        Optional<Image> there = known.get(file);
        if (there != null) {
            picture.accept(there);
        } else if (waiting.containsKey(file)) {
            waiting.get(file).add(picture);
        } else {
            waiting.put(file, new ArrayList<>(List.of(picture)));
            tasks.quietly(title, (_, _) -> make(file), made -> keep(file, made));
        }
    }

    /** Forgets who waits for pictures; those under way are still made and kept. */
    void dropWaiting() {
        waiting.values().forEach(List::clear);
    }

    private Optional<Image> make(Path file) {
        try {
            return Optional.of(decoder.decode(file, this::reduced));
        } catch (UnreadableImageException e) {
            return Optional.empty();
        }
    }

    private void keep(Path file, Optional<Image> made) {
        known.put(file, made);
        if (known.size() > kept) {
            known.remove(known.keySet().iterator().next());
        }
        List<Consumer<Optional<Image>>> asked = waiting.remove(file);
        asked.forEach(picture -> picture.accept(made));
    }

    /** Averages blocks of pixels: quick, and good enough for a small picture. */
    private Image reduced(RgbImage image) {
        int block = Math.max(1, (Math.max(image.width(), image.height()) + side - 1) / side);
        int width = Math.max(1, image.width() / block);
        int height = Math.max(1, image.height() / block);
        byte[] small = block == 1 ? image.rgb() : averaged(image, Math.min(block, image.width()),
                Math.min(block, image.height()), width, height);
        WritableImage picture = new WritableImage(width, height);
        picture.getPixelWriter().setPixels(0, 0, width, height, PixelFormat.getByteRgbInstance(), small, 0, 3 * width);
        return picture;
    }

    private static byte[] averaged(RgbImage image, int blockWidth, int blockHeight, int width, int height) {
        byte[] rgb = image.rgb();
        byte[] small = new byte[3 * width * height];
        int pixels = blockWidth * blockHeight;
        for (int i = 0; i < small.length; i++) {
            int channel = i % 3;
            int x = i / 3 % width * blockWidth;
            int y = i / 3 / width * blockHeight;
            int sum = pixels / 2;
            for (int row = y; row < y + blockHeight; row++) {
                int from = 3 * (row * image.width() + x) + channel;
                for (int p = 0; p < blockWidth; p++) {
                    sum += rgb[from + 3 * p] & 0xff;
                }
            }
            small[i] = (byte) (sum / pixels);
        }
        return small;
    }
}
