package quantscope.export.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.dataset.RgbImage;
import quantscope.task.Cancellation;

class ThumbnailsTest {

    private static RgbImage plain(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) 200;
        }
        return new RgbImage(width, height, rgb);
    }

    @Test
    void longSidesAreCutDownAndSmallPicturesStay() throws IOException {
        BufferedImage wide = ImageIO.read(new ByteArrayInputStream(Thumbnails.jpeg(plain(640, 320))));
        assertEquals(160, wide.getWidth());
        assertEquals(80, wide.getHeight());
        int red = wide.getRGB(80, 40) >> 16 & 0xff;
        assertTrue(Math.abs(red - 200) <= 4, "red " + red);
        BufferedImage small = ImageIO.read(new ByteArrayInputStream(Thumbnails.jpeg(plain(30, 50))));
        assertEquals(30, small.getWidth());
        assertEquals(50, small.getHeight());
        assertEquals(1, ImageIO.read(new ByteArrayInputStream(Thumbnails.jpeg(plain(5000, 1)))).getHeight());
        assertArrayEquals(Thumbnails.jpeg(plain(640, 320)), Thumbnails.jpeg(plain(640, 320)));
    }

    @Test
    void whatCannotBeReadIsLeftOut(@TempDir Path folder) throws IOException {
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("a.png").toFile());
        Files.writeString(folder.resolve("b.png"), "no image");
        Map<String, byte[]> pictures = Thumbnails.of(folder, List.of("a.png", "b.png", "c.png"), Cancellation.NEVER);
        assertEquals(Set.of("a.png"), pictures.keySet());
        assertThrows(CancellationException.class, () -> Thumbnails.of(folder, List.of("a.png"), () -> true));
    }
}
