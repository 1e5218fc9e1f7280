package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {

    private final ImageDecoder decoder = new ImageDecoder();
    private final GoldenImages golden = new GoldenImages();

    @TempDir
    private Path folder;

    ImageDecoderTest() throws IOException { }

    @Test
    void refusesFilesThatAreNoImages() throws IOException {
        assertReason("empty", new byte[0]);
        assertReason("none of JPEG, PNG, BMP and GIF", "hello".getBytes(StandardCharsets.UTF_8));
        assertReason("truncated", new byte[] {(byte) 0xff, (byte) 0xd8});
        assertReason("truncated", new byte[] {'B', 'M'});
        assertReason("truncated", "GIF89a".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void saysThatAFileIsGone() {
        Path gone = folder.resolve("gone.jpg");
        UnreadableImageException e = assertThrows(UnreadableImageException.class, () -> decoder.decode(gone));
        assertEquals(gone, e.file());
        assertTrue(e.reason().contains("no longer there"), e.reason());
    }

    @Test
    void saysThatAFileIsTruncated() throws IOException {
        for (String name : List.of("jpeg_420.jpg", "jpeg_progressive.jpg", "jpeg_grey.jpg", "jpeg_cmyk.jpg",
                "png_rgb.png", "png_grey_16.png", "bmp_rgb.bmp", "gif_colour.gif")) {
            byte[] bytes = Files.readAllBytes(golden.file(name));
            for (int keep = 40; keep < bytes.length * 9 / 10; keep += 97) {
                Path file = file(Arrays.copyOf(bytes, keep));
                UnreadableImageException e = assertThrows(UnreadableImageException.class, () -> decoder.decode(file),
                        name + " cut at " + keep);
                assertTrue(e.reason().contains("truncated"), name + " cut at " + keep + ": " + e.reason());
            }
        }
    }

    @Test
    void refusesHugeImagesBeforeTheyTakeMemory() throws IOException {
        assertReason("20000 x 20000", png(20_000, 20_000));
        assertReason("2147483647 x 1", png(Integer.MAX_VALUE, 1));
        byte[] jpeg = Files.readAllBytes(golden.file("jpeg_444.jpg"));
        int frame = indexOf(jpeg, 0xff, 0xc0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 20_000).putShort(frame + 7, (short) 20_000);
        assertReason("20000 x 20000", jpeg);
        byte[] gif = Files.readAllBytes(golden.file("gif_colour.gif"));
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) 60_000).putShort(8, (short) 60_000);
        assertReason("60000 x 60000", gif);
        byte[] bmp = Files.readAllBytes(golden.file("bmp_grey.bmp"));
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 12_000).putInt(22, 12_000);
        assertReason("12000 x 12000", bmp);
    }

    @Test
    void refusesHugeFilesUnread() throws IOException {
        Path file = folder.resolve("huge.jpg");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(ImageDecoder.LARGEST_FILE + 1L);
        }
        assertTrue(assertThrows(UnreadableImageException.class, () -> decoder.decode(file)).reason()
                .contains("expected at most"));
    }

    @Test
    void refusesOtherFormatsInsideABmp() throws IOException {
        byte[] bmp = Files.readAllBytes(golden.file("bmp_rgb.bmp"));
        bmp[30] = 5;
        assertReason("holds a JPEG or PNG", bmp);
    }

    @Test
    void namesJpegProcessesThatItCannotDecode() throws IOException {
        byte[] jpeg = Files.readAllBytes(golden.file("jpeg_444.jpg"));
        jpeg[indexOf(jpeg, 0xff, 0xc0) + 1] = (byte) 0xc9;
        assertReason("SOF9", jpeg);
    }

    @Test
    void answersDamagedFilesWithAnImageOrAnUnreadableImageException() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(golden.file("."))) {
            files = all.filter(f -> f.toString().matches(".*\\.(jpg|png|bmp|gif)")).sorted().toList();
        }
        int unreadable = 0;
        for (int seed = 0; seed < 800; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Files.readAllBytes(files.get(random.nextInt(files.size())));
            int reach = random.nextBoolean() ? Math.min(bytes.length, 64) : bytes.length;
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bytes[random.nextInt(reach)] = (byte) random.nextInt(256);
            }
            try {
                RgbImage image = decoder.decode(file(bytes));
                assertEquals(3 * image.width() * image.height(), image.rgb().length);
            } catch (UnreadableImageException e) {
                unreadable++;
                assertTrue(!e.reason().isBlank(), "seed " + seed);
            }
        }
        assertTrue(unreadable > 100 && unreadable < 750, unreadable + " of 800 were unreadable");
    }

    @Test
    void passesOnWhatTheUseOfAnImageThrows() {
        assertThrows(IllegalStateException.class, () -> decoder.decode(golden.file("png_1x1.png"), image -> {
            throw new IllegalStateException("a bug of the caller");
        }));
    }

    @Test
    void verticalSmoothingLeavesSmoothedRowsAlone() {
        byte[] once = {10, 10, 90, 90, 40};
        VerticalUpsampling.smooth(once, 1, 5, 1, 0);
        assertArrayEquals(new byte[] {10, 30, 70, 78, 52}, once);
        byte[] twice = once.clone();
        VerticalUpsampling.smooth(twice, 1, 5, 1, 0);
        assertArrayEquals(once, twice);
    }

    private void assertReason(String part, byte[] content) throws IOException {
        Path file = file(content);
        String reason = assertThrows(UnreadableImageException.class, () -> decoder.decode(file)).reason();
        assertTrue(reason.contains(part), reason);
    }

    @Test
    void pixelsThatCannotBeInSoFewBytesAreRefusedBeforeTheyTakeMemory() throws IOException {
        assertReason("5000 x 5000 pixels cannot be in 57 bytes", png(5000, 5000));
        byte[] jpeg = Files.readAllBytes(golden.file("jpeg_420.jpg"));
        ByteBuffer.wrap(jpeg).putInt(indexOf(jpeg, 0xff, 0xc0) + 5, 9000 << 16 | 9000);
        assertReason("9000 x 9000 pixels cannot be in", jpeg);
        byte[] gif = Files.readAllBytes(golden.file("gif_grey.gif"));
        ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN).putInt(6, 9000 << 16 | 9000);
        assertReason("9000 x 9000 pixels cannot be in", gif);
        byte[] bmp = Files.readAllBytes(golden.file("bmp_rle.bmp"));
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, 9000).putInt(22, 9000);
        assertReason("9000 x 9000 pixels cannot be in", bmp);
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("image"), content);
    }

    private static int indexOf(byte[] bytes, int first, int second) {
        for (int i = 0; ; i++) {
            if ((bytes[i] & 0xff) == first && (bytes[i + 1] & 0xff) == second) {
                return i;
            }
        }
    }

    /** A header without pixels. */
    private static byte[] png(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(17).put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width)
                .putInt(height).put(new byte[] {8, 2, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        return ByteBuffer.allocate(57).putLong(0x89504e470d0a1a0aL).putInt(13).put(header.array())
                .putInt((int) crc.getValue()).putInt(0).put("IDAT".getBytes(StandardCharsets.US_ASCII)).putInt(0x35af061e)
                .putInt(0).put("IEND".getBytes(StandardCharsets.US_ASCII)).putInt(0xae426082).array();
    }
}
