package quantscope.dataset;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** ImageIO's readers. */
final class ImageReaders {

    private ImageReaders() { }

    /**
     * The JDK's own reader of a format: a plug-in on the class path must not change anybody's pixels.
     *
     * @throws IOException when this Java has none
     */
    static ImageReader of(String format) throws IOException {
        for (Iterator<ImageReader> all = ImageIO.getImageReadersByFormatName(format); all.hasNext();) {
            ImageReader reader = all.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        throw new IOException("this Java has no reader for " + format + "; use a complete JDK with java.desktop");
    }

    /** @throws IOException when the reader has wanted more bytes than the file has */
    static void checkComplete(ByteArrayImageStream stream) throws IOException {
        if (stream.ranDry()) {
            throw new IOException("the file ends before the image does; it is truncated");
        }
    }
}
