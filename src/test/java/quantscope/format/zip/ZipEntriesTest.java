package quantscope.format.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.format.Hostile;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;

class ZipEntriesTest {

    @TempDir
    Path folder;

    /** One stored entry, whose numbers a test damages. Directory entry at 30 + 1 + data, end behind it. */
    private static ByteBuffer stored(byte[] data, boolean zip64) {
        int extra = zip64 ? 28 : 0;
        ByteBuffer out = ByteBuffer.allocate(30 + 1 + data.length + 46 + 1 + extra + (zip64 ? 76 : 0) + 22)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x04034b50).put(new byte[22]).putShort((short) 1).putShort((short) 0).put((byte) 'a').put(data);
        int directory = out.position();
        out.putInt(0x02014b50).put(new byte[16]).putInt(zip64 ? -1 : data.length).putInt(zip64 ? -1 : data.length)
                .putShort((short) 1).putShort((short) extra).put(new byte[10]).putInt(zip64 ? -1 : 0).put((byte) 'a');
        if (zip64) {
            out.putShort((short) 1).putShort((short) 24).putLong(data.length).putLong(data.length).putLong(0);
            int end64 = out.position();
            out.putInt(0x06064b50).putLong(44).put(new byte[12]).putLong(1).putLong(1).putLong(end64 - directory)
                    .putLong(directory);
            out.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
            return out.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1)
                    .putShort((short) 0).flip();
        }
        int length = out.position() - directory;
        return out.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1).putInt(length).putInt(directory)
                .putShort((short) 0).flip();
    }

    private Map<String, byte[]> read(byte[] zip) throws IOException, ModelFormatException {
        Path file = Files.write(folder.resolve("some.zip"), zip);
        try (FileChannel channel = FileChannel.open(file)) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            for (String name : ZipEntries.open(file, channel).all().keySet()) {
                entries.put(name, ZipEntries.open(file, channel).bytes(name, 1 << 20));
            }
            return entries;
        }
    }

    private String refusal(ByteBuffer zip) {
        return assertThrows(ModelFormatException.class, () -> read(zip.array())).getMessage();
    }

    @Test
    void storedAndDeflatedEntriesAreReadAsTheyWereWritten() throws Exception {
        byte[] data = new byte[70_000];
        new Random(3).nextBytes(data);
        byte[] zip = Hostile.zip(Map.of("folder/deflated", data));
        assertArrayEquals(data, read(zip).get("folder/deflated"));
        assertArrayEquals(data, read(stored(data, false).array()).get("a"));
        assertArrayEquals(data, read(stored(data, true).array()).get("a"), "zip64");
    }

    @Test
    void rangesBeginAnywhere() throws Exception {
        byte[] data = new byte[100_000];
        new Random(4).nextBytes(data);
        for (byte[] zip : List.of(Hostile.zip(Map.of("a", data)), stored(data, false).array())) {
            Path file = Files.write(folder.resolve("ranges.zip"), zip);
            try (FileChannel channel = FileChannel.open(file)) {
                ByteRange range = ZipEntries.open(file, channel).all().get("a");
                ByteRange rest = range.from(40_000);
                assertEquals(60_000, rest.length());
                try (var in = rest.open(30_000)) {
                    assertArrayEquals(java.util.Arrays.copyOfRange(data, 70_000, 100_000), in.readAllBytes());
                }
            }
        }
    }

    @Test
    void aDamagedDirectoryIsRefused() {
        byte[] data = new byte[64];
        int directory = 31 + data.length;
        int end = directory + 47;
        assertTrue(refusal(stored(data, false).putInt(0, 7)).contains("is not at byte 0"));
        assertTrue(refusal(stored(data, false).putInt(directory, 7)).contains("directory is damaged"));
        assertTrue(refusal(stored(data, false).putShort(directory + 8, (short) 1)).contains("encrypted"));
        assertTrue(refusal(stored(data, false).putShort(directory + 10, (short) 12)).contains("by method 12"));
        assertTrue(refusal(stored(data, false).putInt(directory + 24, 65)).contains("claims to hold 65 bytes in 64"));
        assertTrue(refusal(stored(data, false).putInt(directory + 20, 65).putInt(directory + 24, 65))
                .contains("more than the file can hold"));
        assertTrue(refusal(stored(data, false).putInt(directory + 42, 1 << 30)).contains("would lie at byte"));
        assertTrue(refusal(stored(data, false).putShort(directory + 28, (short) 999)).contains("directory is damaged"));
        assertTrue(refusal(stored(data, false).putShort(end + 10, (short) 2)).contains("2 entries"));
        assertTrue(refusal(stored(data, false).putInt(end + 16, -2)).contains("not a whole zip"));
        assertTrue(refusal(stored(data, true).putLong(directory + 47 + 28 + 32, Long.MAX_VALUE)).contains("not a whole zip"));
        assertTrue(refusal(stored(data, true).putLong(directory + 47 + 28 + 56 + 8, Long.MIN_VALUE)).contains("ends before"));
    }

    @Test
    void entriesMayNotShareBytes() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] one = stored(new byte[900], false).array();
        out.write(one, 0, 931);
        for (int i = 0; i < 2; i++) {
            byte[] entry = java.util.Arrays.copyOfRange(one, 931, 978);
            entry[46] = (byte) ('a' + i);
            out.writeBytes(entry);
        }
        byte[] end = java.util.Arrays.copyOfRange(one, 978, one.length);
        ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).putShort(10, (short) 2).putInt(12, 94);
        out.writeBytes(end);
        assertTrue(refusal(ByteBuffer.wrap(out.toByteArray())).contains("more than the file can hold"));
    }

    @Test
    void anEntryThatIsThereTwiceIsRefused() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of("x", "y")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
                zip.closeEntry();
            }
        }
        byte[] bytes = new String(out.toByteArray(), StandardCharsets.ISO_8859_1).replace('y', 'x')
                .getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(ByteBuffer.wrap(bytes)).contains("x: is there twice"));
    }

    @Test
    void whatIsNoZipIsRefused() {
        assertTrue(refusal(ByteBuffer.wrap(new byte[0])).contains("no directory at its end"));
        assertTrue(refusal(ByteBuffer.wrap("PK and nothing more".getBytes(StandardCharsets.US_ASCII)))
                .contains("some.zip: is not a whole zip archive"));
    }
}
