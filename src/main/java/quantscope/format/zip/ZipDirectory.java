package quantscope.format.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;

/** Parses a zip archive's central directory, zip64 included (APPNOTE.TXT 6.3.10, section 4.3). */
final class ZipDirectory {

    private static final int END_MAGIC = 0x06054b50;
    private static final int END = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LOCATOR_MAGIC = 0x07064b50;
    private static final int LOCATOR = 20;
    private static final int END64_MAGIC = 0x06064b50;
    private static final int END64 = 56;
    private static final int ENTRY_MAGIC = 0x02014b50;
    private static final int ENTRY = 46;
    private static final int LOCAL_MAGIC = 0x04034b50;
    private static final int LOCAL = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int MOST_ENTRIES = 100_000;
    private static final int LARGEST_DIRECTORY = 1 << 26;
    /** What deflate can make of a byte at most. */
    private static final long LARGEST_RATIO = 1032;
    /** Weights of one magnitude, which deflate best, become 32 times as many bytes. */
    private static final long MOST_GROWTH = 64;
    private static final long SLACK = 1 << 20;

    private final Path file;
    private final ByteRange.Direct archive;
    private final long size;
    private final Map<String, ByteRange> entries = new LinkedHashMap<>();
    private long packed;
    private long inflated;

    ZipDirectory(Path file, ByteRange.Direct archive) {
        this.file = file;
        this.archive = archive;
        this.size = archive.length();
    }

    ZipEntries read() throws ModelFormatException, IOException {
        long end = findEnd();
        ByteBuffer record = at(end, END);
        long count = Short.toUnsignedInt(record.getShort(10));
        long length = Integer.toUnsignedLong(record.getInt(12));
        long start = Integer.toUnsignedLong(record.getInt(16));
        if (end >= LOCATOR && at(end - LOCATOR, 4).getInt(0) == LOCATOR_MAGIC) {
            end = at(end - LOCATOR, LOCATOR).getLong(8);
            ByteBuffer end64 = at(end, END64);
            if (end64.getInt(0) != END64_MAGIC) {
                throw notWhole("its zip64 record is not where it should be");
            }
            count = end64.getLong(32);
            length = end64.getLong(40);
            start = end64.getLong(48);
        }
        if (start < 0 || length < 0 || start > end || length > end - start || count < 0 || count > length / ENTRY) {
            throw notWhole("its directory of " + count + " entries would lie at byte " + start + " + " + length);
        }
        if (count > MOST_ENTRIES || length > LARGEST_DIRECTORY) {
            throw new ModelFormatException(file, "", "has " + count + " entries, no saved model has so many");
        }
        ByteBuffer directory = at(start, (int) length);
        for (long i = 0; i < count; i++) {
            entry(directory, start);
        }
        return new ZipEntries(file, entries);
    }

    private long findEnd() throws ModelFormatException, IOException {
        int tail = (int) Math.min(size, END + LONGEST_COMMENT);
        ByteBuffer last = at(size - tail, tail);
        for (int at = tail - END; at >= 0; at--) {
            if (last.getInt(at) == END_MAGIC && at + END + Short.toUnsignedInt(last.getShort(at + 20)) == tail) {
                return size - tail + at;
            }
        }
        throw notWhole("it has no directory at its end");
    }

    private void entry(ByteBuffer in, long directory) throws ModelFormatException, IOException {
        int at = in.position();
        if (in.remaining() < ENTRY || in.getInt(at) != ENTRY_MAGIC) {
            throw notWhole("its directory is damaged");
        }
        int nameLength = Short.toUnsignedInt(in.getShort(at + 28));
        int extra = Short.toUnsignedInt(in.getShort(at + 30));
        int comment = Short.toUnsignedInt(in.getShort(at + 32));
        if (in.remaining() < ENTRY + nameLength + extra + comment) {
            throw notWhole("its directory is damaged");
        }
        byte[] bytes = new byte[nameLength];
        in.get(at + ENTRY, bytes);
        String name = new String(bytes, StandardCharsets.UTF_8);
        long[] numbers = {Integer.toUnsignedLong(in.getInt(at + 24)), Integer.toUnsignedLong(in.getInt(at + 20)),
            Integer.toUnsignedLong(in.getInt(at + 42))};
        widen(in, at + ENTRY + nameLength, extra, numbers);
        int flags = in.getShort(at + 8);
        int method = Short.toUnsignedInt(in.getShort(at + 10));
        in.position(at + ENTRY + nameLength + extra + comment);
        if (!name.endsWith("/")) {
            if ((flags & 1) != 0) {
                throw new ModelFormatException(file, name, "is encrypted; save the model without a password");
            }
            put(name, method, numbers[0], numbers[1], numbers[2], directory);
        }
    }

    /** Replaces what does not fit 32 bits, in this order: size, packed size, place; from the zip64 extra field. */
    private static void widen(ByteBuffer in, int from, int length, long[] numbers) {
        int end = from + length;
        for (int at = from; at + 4 <= end; at += 4 + Short.toUnsignedInt(in.getShort(at + 2))) {
            if (in.getShort(at) == 1) {
                int value = at + 4;
                int fieldEnd = Math.min(end, value + Short.toUnsignedInt(in.getShort(at + 2)));
                for (int i = 0; i < numbers.length; i++) {
                    if (numbers[i] == 0xffffffffL && value + 8 <= fieldEnd) {
                        numbers[i] = in.getLong(value);
                        value += 8;
                    }
                }
                return;
            }
        }
    }

    private void put(String name, int method, long length, long packedLength, long place, long directory)
            throws ModelFormatException, IOException {
        if (place < 0 || place > directory - LOCAL || length < 0 || packedLength < 0) {
            throw notWhole(name + " would lie at byte " + place);
        }
        ByteBuffer local = at(place, LOCAL);
        if (local.getInt(0) != LOCAL_MAGIC) {
            throw notWhole(name + " is not at byte " + place);
        }
        long data = place + LOCAL + Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
        packed += Math.min(packedLength, size + 1);
        if (packedLength > directory - data || packed > size) {
            throw new ModelFormatException(file, name, "claims " + packedLength + " bytes from byte " + data
                    + " on, more than the file can hold; save or copy it again");
        }
        ByteRange.Direct plain = archive.part(data, packedLength);
        if (method == STORED && packedLength == length) {
            add(name, plain);
        } else if (method == DEFLATED && length / LARGEST_RATIO <= packedLength) {
            add(name, new ByteRange.Deflated(plain, 0, length));
        } else {
            throw new ModelFormatException(file, name, "claims to hold " + length + " bytes in " + packedLength
                    + " by method " + method + ", expected stored or deflated data; save the model again");
        }
    }

    private void add(String name, ByteRange range) throws ModelFormatException {
        inflated += range.length();
        if (inflated > MOST_GROWTH * size + SLACK) {
            throw new ModelFormatException(file, name, "the entries so far claim " + inflated + " bytes, more than "
                    + MOST_GROWTH + " times the file's size: that is no model");
        }
        if (entries.put(name, range) != null) {
            throw new ModelFormatException(file, name, "is there twice; save the model again");
        }
    }

    private ByteBuffer at(long position, int bytes) throws ModelFormatException, IOException {
        if (position < 0 || position > size - bytes) {
            throw notWhole("it ends before byte " + position + " + " + bytes);
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (InputStream in = archive.open(position)) {
            ByteRange.fill(in, buffer);
        }
        return buffer.flip();
    }

    private ModelFormatException notWhole(String detail) {
        return new ModelFormatException(file, "", "is not a whole zip archive (" + detail
                + "); it may be cut off: save or copy it again");
    }
}
