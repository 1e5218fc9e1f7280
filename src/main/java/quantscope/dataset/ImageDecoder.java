package quantscope.dataset;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * Decodes image files to what Pillow's {@code Image.open(file).convert("RGB")} gives, which is torchvision's default
 * loader: PNG, BMP and GIF (first frame) exactly; JPEG (baseline, progressive, greyscale, CMYK, YCCK) by the same
 * integer transform and upsampling as libjpeg. As there, alpha and transparency are dropped, not blended; EXIF
 * orientation and colour profiles are not applied; a 16-bit greyscale PNG is clipped at 255, 16-bit colour keeps its
 * high bytes. The kind of file is told from its first bytes, never from its name.
 *
 * <p>Files above {@value #LARGEST_FILE} bytes or {@value #LARGEST_IMAGE} pixels are refused before anything is
 * allocated for them. Safe for many threads; images under way together hold at most {@value #LARGEST_IMAGE} pixels,
 * further threads wait.
 */
public final class ImageDecoder {

    /** Most pixels of an image, and of all images that one decoder has under way. */
    public static final int LARGEST_IMAGE = 100_000_000;

    /** Most bytes of a file. */
    public static final int LARGEST_FILE = 256 << 20;

    private final Semaphore pixels = new Semaphore(LARGEST_IMAGE, true);

    /** What is done with an image while its pixels count as under way. */
    @FunctionalInterface
    public interface Use<T> {
        T of(RgbImage image) throws UnreadableImageException;
    }

    /** @throws UnreadableImageException whatever is wrong with the file; the reason is for the user */
    public RgbImage decode(Path file) throws UnreadableImageException {
        return decode(file, image -> image);
    }

    /**
     * Decodes and hands the image on; bounds the memory of many threads that each make something small of an image.
     *
     * @throws UnreadableImageException whatever is wrong with the file, or what {@code use} throws
     */
    public <T> T decode(Path file, Use<T> use) throws UnreadableImageException {
        Objects.requireNonNull(use);
        byte[] bytes = bytes(file);
        EncodedImage encoded = guarded(file, () -> open(bytes));
        long count = (long) encoded.width() * encoded.height();
        if (encoded.width() < 1 || encoded.height() < 1 || count > LARGEST_IMAGE) {
            throw new UnreadableImageException(file, encoded.width() + " x " + encoded.height()
                    + " pixels, expected 1 to " + LARGEST_IMAGE + " in all; make the image smaller");
        }
        if (encoded.leastBytes() > bytes.length) {
            throw new UnreadableImageException(file, encoded.width() + " x " + encoded.height()
                    + " pixels cannot be in " + bytes.length + " bytes; the file is truncated or damaged");
        }
        pixels.acquireUninterruptibly((int) count);
        try {
            return use.of(guarded(file, encoded::decode));
        } finally {
            pixels.release((int) count);
        }
    }

    /** A step of reading. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws IOException, UnreadableImageException;
    }

    private static <T> T guarded(Path file, Step<T> step) throws UnreadableImageException {
        try {
            return step.run();
        } catch (IOException e) {
            throw new UnreadableImageException(file, "not a readable image: " + said(e), e);
        } catch (RuntimeException e) {
            // ImageIO's readers answer some broken files with whatever their code runs into.
            throw new UnreadableImageException(file, "broken image data: " + said(e), e);
        }
    }

    private static EncodedImage open(byte[] bytes) throws IOException {
        if (starts(bytes, 0xff, 0xd8)) {
            return JpegImage.parse(bytes);
        }
        if (starts(bytes, 0x89, 'P', 'N', 'G')) {
            return RasterImage.open("png", bytes);
        }
        if (starts(bytes, 'B', 'M')) {
            return RasterImage.open("bmp", bytes);
        }
        if (starts(bytes, 'G', 'I', 'F', '8')) {
            return GifImage.open(bytes);
        }
        throw new IOException(bytes.length == 0 ? "the file is empty"
                : "its content is none of JPEG, PNG, BMP and GIF");
    }

    private static boolean starts(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(Path file) throws UnreadableImageException {
        try {
            long size = Files.size(file);
            if (size > LARGEST_FILE) {
                throw new UnreadableImageException(file, "the file has " + size + " bytes, expected at most "
                        + LARGEST_FILE);
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(file, "the file is no longer there", e);
        } catch (AccessDeniedException e) {
            throw new UnreadableImageException(file, "no permission to read the file", e);
        } catch (IOException e) {
            throw new UnreadableImageException(file, "the file cannot be read: " + said(e), e);
        }
    }

    private static String said(Exception e) {
        return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
    }
}
