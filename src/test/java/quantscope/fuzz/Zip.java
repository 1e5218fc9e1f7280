package quantscope.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A zip archive as a list of entries; it writes what no library would (APPNOTE.TXT 6.3.10, section 4.3). */
final class Zip {

    private static final int LARGEST_ENTRY = 1 << 22;
    private static final int END_MAGIC = 0x06054b50;
    private static final int END = 22;
    private static final int CENTRAL = 46;
    private static final int LOCAL = 30;

    /** @param deflated whether it is to be stored so */
    record Entry(String name, byte[] content, boolean deflated) { }

    private Zip() { }

    /** By the directory at the end; empty where the bytes are no archive. */
    static List<Entry> parse(byte[] file) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int end = file.length - END;
        while (end >= 0 && in.getInt(end) != END_MAGIC) {
            end--;
        }
        try {
            int at = end < 0 ? 0 : in.getInt(end + 16);
            for (int i = end < 0 ? 0 : in.getShort(end + 10); i > 0; i--) {
                int nameLength = in.getShort(at + 28);
                int local = in.getInt(at + 42);
                int data = local + LOCAL + in.getShort(local + 26) + in.getShort(local + 28);
                String name = new String(file, at + CENTRAL, nameLength, StandardCharsets.UTF_8);
                byte[] packed = Arrays.copyOfRange(file, data, data + Math.min(in.getInt(at + 20), file.length));
                entries.add(new Entry(name, in.getShort(at + 10) == 0 ? packed : inflated(packed), false));
                at += CENTRAL + nameLength + in.getShort(at + 30) + in.getShort(at + 32);
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IOException e) {
            return List.of();
        }
        return entries;
    }

    private static byte[] inflated(byte[] packed) throws IOException {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed), new Inflater(true))) {
            return in.readNBytes(LARGEST_ENTRY);
        }
    }

    static byte[] write(List<Entry> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (Entry entry : entries) {
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            byte[] packed = entry.deflated() ? deflate(entry.content()) : entry.content();
            CRC32 crc = new CRC32();
            crc.update(entry.content());
            int nameLength = Math.min(name.length, 0xffff);
            long[] common = {20, entry.deflated() ? 8 : 0};
            int place = out.size();
            put(out, 4, 0x04034b50, 2, common[0], 2, 0, 2, common[1], 4, 0, 4, crc.getValue(), 4, packed.length,
                    4, entry.content().length, 2, nameLength, 2, 0);
            out.write(name, 0, nameLength);
            out.writeBytes(packed);
            put(directory, 4, 0x02014b50, 2, common[0], 2, common[0], 2, 0, 2, common[1], 4, 0, 4, crc.getValue(),
                    4, packed.length, 4, entry.content().length, 2, nameLength, 2, 0, 2, 0, 2, 0, 2, 0, 4, 0, 4, place);
            directory.write(name, 0, nameLength);
        }
        int start = out.size();
        out.writeBytes(directory.toByteArray());
        put(out, 4, 0x06054b50, 2, 0, 2, 0, 2, entries.size(), 2, entries.size(), 4, directory.size(), 4, start, 2, 0);
        return out.toByteArray();
    }

    /** Pairs of a width in bytes and a number. */
    private static void put(ByteArrayOutputStream out, long... widthsAndNumbers) {
        for (int i = 0; i < widthsAndNumbers.length; i += 2) {
            byte[] bytes = new byte[(int) widthsAndNumbers[i]];
            ByteMutations.put(bytes, 0, bytes.length, widthsAndNumbers[i + 1], false);
            out.writeBytes(bytes);
        }
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(content.length > 1 << 16 ? 9 : 6, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[1 << 14];
        while (!deflater.finished()) {
            out.write(chunk, 0, deflater.deflate(chunk));
        }
        deflater.end();
        return out.toByteArray();
    }
}
