package quantscope.format.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipException;
import quantscope.format.ModelFormatException;

/** The bytes of a pickle one after the other; lengths are held against what is left before memory is taken. */
final class PickleInput {

    private static final int LONGEST_LINE = 4096;
    private static final int LONGEST = 1 << 20;

    private final Path file;
    private final String entry;
    private final InputStream in;
    private final long length;
    private long position;

    /**
     * @param entry  of the file, for messages; may be empty
     * @param length of all that the stream gives
     */
    PickleInput(Path file, String entry, InputStream in, long length) {
        this.file = file;
        this.entry = entry;
        this.in = in;
        this.length = length;
    }

    /** Bytes read so far. */
    long position() {
        return position;
    }

    int u8() throws ModelFormatException, IOException {
        int read;
        try {
            read = in.read();
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        if (read < 0) {
            throw cutOff();
        }
        position++;
        return read;
    }

    int u16() throws ModelFormatException, IOException {
        return Short.toUnsignedInt(numbers(2).getShort());
    }

    int i32() throws ModelFormatException, IOException {
        return numbers(4).getInt();
    }

    long u32() throws ModelFormatException, IOException {
        return Integer.toUnsignedLong(i32());
    }

    long i64() throws ModelFormatException, IOException {
        return numbers(8).getLong();
    }

    /** The one number that pickles keep big-endian. */
    double f64() throws ModelFormatException, IOException {
        return numbers(8).order(ByteOrder.BIG_ENDIAN).getDouble();
    }

    private ByteBuffer numbers(int bytes) throws ModelFormatException, IOException {
        return ByteBuffer.wrap(bytes(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] bytes(long count) throws ModelFormatException, IOException {
        checkLeft(count);
        if (count > LONGEST) {
            throw error("claims a text or number of " + count + " bytes, expected at most " + LONGEST);
        }
        byte[] bytes;
        try {
            bytes = in.readNBytes((int) count);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        if (bytes.length < count) {
            throw cutOff();
        }
        position += count;
        return bytes;
    }

    void skip(long count) throws ModelFormatException, IOException {
        checkLeft(count);
        try {
            in.skipNBytes(count);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        position += count;
    }

    private void checkLeft(long count) throws ModelFormatException {
        if (count < 0 || count > length - position) {
            throw error("claims " + Long.toUnsignedString(count) + " bytes where " + (length - position)
                    + " are left; the file is cut off or damaged, copy or save it again");
        }
    }

    private ModelFormatException cutOff() {
        return error("ends in the middle; the file is cut off, copy or save it again");
    }

    private ModelFormatException damaged(IOException e) {
        return error("is damaged (" + e.getMessage() + "); copy or save it again");
    }

    String text(long count, Charset charset) throws ModelFormatException, IOException {
        return new String(bytes(count), charset);
    }

    /** Up to a line feed, which is left out. */
    String line() throws ModelFormatException, IOException {
        StringBuilder line = new StringBuilder();
        for (int b = u8(); b != '\n'; b = u8()) {
            if (line.length() == LONGEST_LINE) {
                throw error("a line is longer than " + LONGEST_LINE + " bytes; the file is damaged");
            }
            line.append((char) b);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Names file, entry and byte. */
    ModelFormatException error(String detail) {
        return new ModelFormatException(file, (entry.isEmpty() ? "" : entry + ", ") + "byte " + position, detail);
    }
}
