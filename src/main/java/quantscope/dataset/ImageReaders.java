package quantscope.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** ImageIO's readers. */
final class ImageReaders {

    private ImageReaders() { }

    /** Something that is read. */
    @FunctionalInterface
    interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    /**
     * Reads from a file's content with the JDK's own reader of a format: a plug-in on the class path must not change
     * anybody's pixels.
     *
     * @throws IOException when the file is broken, or ends before the reader has all it wants, even where the reader
     *                     would make something up for the rest
     */
    static <T> T read(String format, byte[] bytes, Reading<T> reading) throws IOException {
        ImageReader reader = of(format);
        ByteArrayImageStream stream = new ByteArrayImageStream(bytes);
        try {
            reader.setInput(stream, true, true);
            T result = reading.from(reader);
            if (stream.ranDry()) {
                throw truncated(null);
            }
            return result;
        } catch (IOException e) {
            throw stream.ranDry() || isEndOfFile(e) ? truncated(e) : e;
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader of(String format) throws IOException {
        for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName(format); all.hasNext();) {
            ImageReader reader = all.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        throw new IOException("this Java has no reader for " + format + "; use a complete JDK with java.desktop");
    }

    /** Readers wrap the end of the file into messages of their own. */
    private static boolean isEndOfFile(Throwable e) {
        return e instanceof EOFException || e.getCause() != null && isEndOfFile(e.getCause());
    }

    private static IOException truncated(IOException cause) {
        return new IOException("the file ends before the image does; it is truncated", cause);
    }
}
