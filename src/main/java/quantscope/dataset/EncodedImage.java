package quantscope.dataset;

import java.io.IOException;

/** An image whose header has been read and whose pixels have not. */
sealed interface EncodedImage permits JpegImage, RasterImage, GifImage {

    int width();

    int height();

    /**
     * The fewest bytes that a file of this header can have, by what its format can make of a byte at most: a small file
     * that claims many pixels is refused by it before any are allocated.
     */
    long leastBytes();

    /** @throws IOException when the pixels are truncated or broken; readers may also throw RuntimeExceptions */
    RgbImage decode() throws IOException;
}
