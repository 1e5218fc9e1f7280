package quantscope.format.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** A stretch of a file as a stream; the channel's own position is left alone. */
final class ChannelStream extends InputStream {

    private final FileChannel channel;
    private final byte[] single = new byte[1];
    private long position;
    private long left;

    ChannelStream(FileChannel channel, long position, long left) {
        this.channel = channel;
        this.position = position;
        this.left = left;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        Objects.checkFromIndexSize(from, count, into.length);
        if (count == 0) {
            return 0;
        }
        int wanted = (int) Math.min(count, left);
        int read = wanted == 0 ? -1 : channel.read(ByteBuffer.wrap(into, from, wanted), position);
        if (read > 0) {
            position += read;
            left -= read;
        }
        return read;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.clamp(count, 0, left);
        position += skipped;
        left -= skipped;
        return skipped;
    }
}
