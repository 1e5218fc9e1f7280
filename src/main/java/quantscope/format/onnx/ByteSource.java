package quantscope.format.onnx;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** Reads spans of a file one after the other through a small buffer, so that weights are in memory only once. */
final class ByteSource {

    private static final int CHUNK = 1 << 16;
    /** The longest element, a varint of ten bytes, with room. */
    private static final int LEAST = 16;

    private final FileChannel channel;
    private final List<Wire.Span> spans;
    private final ByteBuffer buffer;
    private int span;
    private long inSpan;

    ByteSource(FileChannel channel, List<Wire.Span> spans) {
        this.channel = channel;
        this.spans = spans;
        int size = Math.clamp(Wire.Span.total(spans), LEAST, CHUNK);
        this.buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Fills an array with fp32 numbers. */
    void floats(float[] to) throws IOException {
        for (int done = 0; done < to.length;) {
            FloatBuffer floats = need(Float.BYTES).asFloatBuffer();
            int count = Math.min(floats.remaining(), to.length - done);
            floats.get(to, done, count);
            buffer.position(buffer.position() + count * Float.BYTES);
            done += count;
        }
    }

    /** At least this many bytes, little-endian, at the buffer's position. */
    ByteBuffer need(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            buffer.compact();
            fill();
            buffer.flip();
            if (buffer.remaining() < bytes) {
                throw new EOFException("the file ended while it was read");
            }
        }
        return buffer;
    }

    private void fill() throws IOException {
        while (buffer.hasRemaining() && span < spans.size()) {
            Wire.Span current = spans.get(span);
            int wanted = (int) Math.min(buffer.remaining(), current.length() - inSpan);
            if (wanted == 0) {
                span++;
                inSpan = 0;
                continue;
            }
            int limit = buffer.limit();
            buffer.limit(buffer.position() + wanted);
            int read = channel.read(buffer, current.offset() + inSpan);
            buffer.limit(limit);
            if (read < 0) {
                return;
            }
            inSpan += read;
        }
    }

    /** A protobuf varint; only its 64 bits count. */
    long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = need(1).get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new EOFException("an integer has more than ten bytes");
    }
}
