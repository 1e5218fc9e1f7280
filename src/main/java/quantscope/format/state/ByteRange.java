package quantscope.format.state;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A stretch of bytes of a file, read when it is asked for. */
public sealed interface ByteRange {

    /** Number of bytes. */
    long length();

    /**
     * The bytes from a position on, up to the end of the range. A stream that ends early belongs to a file that is cut
     * off or damaged.
     *
     * @param position from 0 to the length
     */
    InputStream open(long position) throws IOException;

    /** Bytes that can be read from any place on. */
    sealed interface Direct extends ByteRange {

        /** A part of this range. */
        Direct part(long from, long bytes);
    }

    /**
     * What follows a position, as a range of its own.
     *
     * @throws IllegalArgumentException when the position is outside of the range
     */
    ByteRange from(long position);

    /**
     * Bytes that lie in the file as they are.
     *
     * @param offset of the first byte in the file
     */
    record Plain(FileChannel channel, long offset, long length) implements Direct {

        public Plain {
            if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
                throw new IllegalArgumentException("no stretch of a file: " + offset + " + " + length);
            }
        }

        @Override
        public InputStream open(long position) {
            return new ChannelStream(channel, offset + position, length - position);
        }

        @Override
        public Plain from(long position) {
            return part(position, length - position);
        }

        @Override
        public Plain part(long from, long bytes) {
            requireInside(length, from, bytes);
            return new Plain(channel, offset + from, bytes);
        }
    }

    /**
     * Bytes that are in memory already.
     *
     * @param bytes shared: to be read only
     */
    record Held(byte[] bytes, int offset, int count) implements Direct {

        public Held {
            java.util.Objects.checkFromIndexSize(offset, count, bytes.length);
        }

        public Held(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        @Override
        public long length() {
            return count;
        }

        @Override
        public InputStream open(long position) {
            return new ByteArrayInputStream(bytes, offset + (int) position, count - (int) position);
        }

        @Override
        public Held from(long position) {
            return part(position, count - position);
        }

        @Override
        public Held part(long from, long size) {
            requireInside(count, from, size);
            return new Held(bytes, offset + (int) from, (int) size);
        }
    }

    private static void requireInside(long length, long from, long bytes) {
        if (from < 0 || bytes < 0 || from > length - bytes) {
            throw new IllegalArgumentException(from + " + " + bytes + " is outside of " + length + " bytes");
        }
    }

    /**
     * Bytes that lie in the file deflated.
     *
     * @param packed what lies there
     * @param skip   how many of the inflated bytes come before the range
     * @param length of the range once inflated; the stream never gives more
     */
    record Deflated(Direct packed, long skip, long length) implements ByteRange {

        private static final int CHUNK = 1 << 15;

        @Override
        public Deflated from(long position) {
            if (position < 0 || position > length) {
                throw new IllegalArgumentException(position + " is outside of " + length + " bytes");
            }
            return new Deflated(packed, skip + position, length - position);
        }

        @Override
        public InputStream open(long position) throws IOException {
            Inflater inflater = new Inflater(true);
            InputStream in = new InflaterInputStream(packed.open(0), inflater, CHUNK) {
                @Override
                public void close() throws IOException {
                    super.close();
                    inflater.end();
                }
            };
            in.skipNBytes(skip + position);
            return new BufferedInputStream(new LimitedStream(in, length - position), CHUNK);
        }
    }

    /** Fills a buffer up to its limit. */
    static void fill(InputStream in, ByteBuffer buffer) throws IOException {
        int wanted = buffer.remaining();
        int read = in.readNBytes(buffer.array(), buffer.arrayOffset() + buffer.position(), wanted);
        if (read < wanted) {
            throw new EOFException("the data end " + (wanted - read) + " bytes early");
        }
        buffer.position(buffer.position() + read);
    }
}
