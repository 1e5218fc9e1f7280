package quantscope.export.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.PillowResize;
import quantscope.dataset.RgbImage;
import quantscope.dataset.UnreadableImageException;
import quantscope.task.Cancellation;

/** Small JPEG pictures of images, sharp enough for print; what lies in the originals' metadata does not come along. */
public final class Thumbnails {

    /** Pixels of the longer side at most. */
    static final int SIDE = 160;

    private Thumbnails() { }

    /**
     * @param paths relative to the folder
     * @return by path; without those that cannot be read any more
     */
    public static Map<String, byte[]> of(Path folder, List<String> paths, Cancellation cancellation) {
        ImageDecoder decoder = new ImageDecoder();
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        for (String path : paths) {
            cancellation.check();
            try {
                pictures.put(path, decoder.decode(folder.resolve(path), Thumbnails::jpeg));
            } catch (UnreadableImageException e) {
                // The report then says so in the picture's place.
                continue;
            }
        }
        return pictures;
    }

    static byte[] jpeg(RgbImage image) {
        double factor = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
        int width = Math.max(1, (int) Math.round(image.width() * factor));
        int height = Math.max(1, (int) Math.round(image.height() * factor));
        byte[] rgb = factor == 1 ? image.rgb() : PillowResize.resize(image.rgb(), image.width(), image.height(), 3,
                PillowResize.Window.whole(width, height));
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            small.setRGB(i % width, i / width, (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(small, "jpeg", out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }
}
