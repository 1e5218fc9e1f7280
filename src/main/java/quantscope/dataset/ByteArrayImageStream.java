package quantscope.dataset;

import javax.imageio.stream.ImageInputStreamImpl;

/** A file's bytes for ImageIO, without its caches, that remembers whether a reader wanted more than there is. */
final class ByteArrayImageStream extends ImageInputStreamImpl {

    private final byte[] bytes;
    private boolean ranDry;

    ByteArrayImageStream(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether a reader has read past the last byte: the file is truncated. */
    boolean ranDry() {
        return ranDry;
    }

    @Override
    public int read() {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            ranDry = true;
            return -1;
        }
        return bytes[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            ranDry = true;
            return -1;
        }
        int n = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, n);
        streamPos += n;
        return n;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
