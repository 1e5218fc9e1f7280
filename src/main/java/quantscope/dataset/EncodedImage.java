package quantscope.dataset;

import java.io.IOException;

/** An image whose header has been read and whose pixels have not. */
sealed interface EncodedImage permits JpegImage, RasterImage, GifImage {

    int width();

    int height();

    /** @throws IOException when the pixels are truncated or broken; readers may also throw RuntimeExceptions */
    RgbImage decode() throws IOException;
}
