package quantscope.format.npz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.format.Hostile;
import quantscope.format.StateDictFiles;

class HostileArraysTest {

    @TempDir
    Path folder;
    private Hostile hostile;

    @BeforeEach
    void create() {
        hostile = new Hostile(new NpzReader(), folder.resolve("hostile.npz"));
    }

    private static byte[] array(int version, String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + (version == 1 ? 2 : 4) + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        if (version == 1) {
            out.putShort((short) text.length);
        } else {
            out.putInt(text.length);
        }
        return out.put(text).array();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', value = {
        "`{'descr': '|O', 'fortran_order': False, 'shape': (1,)}`|8|which is a pickle",
        "`{'descr': 'O', 'fortran_order': False, 'shape': (1,)}`|8|which is a pickle",
        "`{'descr': '<U5', 'fortran_order': False, 'shape': (1,)}`|20|element type <U5",
        "`{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}`|8|element type <c8",
        "`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}`|4|expected descr",
        "`{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}`|8|does not fit",
        "`{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}`|8|has 8 bytes, expected 4",
        "`{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}`|8|expected numbers",
        "`{'descr': '<f4', 'fortran_order': True, 'shape': (4294967296, 4294967296)}`|8|does not fit",
        "`{'descr': '<f4', 'fortran_order': True, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1)}`|4|17 axes",
        "`{'descr': '<f4', 'shape': (2,)}`|8|expected descr",
        "`__import__('os').system('touch pwned')`|8|expected descr"})
    void headersAreHeldAgainstTheArray(String header, int data, String part) throws Exception {
        for (int version = 1; version <= 3; version++) {
            String message = hostile.refusal(Hostile.zip(Map.of("w.npy", array(version, header, data))));
            assertTrue(message.contains("w.npy: ") && message.contains(part), message);
        }
    }

    @Test
    void headersOfAnyVersionAreRead() throws Exception {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a.npy", array(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }  \n", 8));
        entries.put("b.npy", array(2, "{'shape': (), 'descr': '|b1', 'fortran_order': False}", 1));
        entries.put("c.npy", array(3, "{\"descr\": \">f8\", \"fortran_order\": True, \"shape\": (2,)}", 16));
        assertTrue(hostile.refusal(Hostile.zip(entries)).contains("(a, b, c) are named as in no architecture"));
    }

    @Test
    void whatIsNoArrayIsRefused() throws Exception {
        assertTrue(hostile.refusal(Hostile.zip(Map.of("w.npy", new byte[20]))).contains("is no .npy array"));
        assertTrue(hostile.refusal(Hostile.zip(Map.of("w.npy", array(4, "{}", 0)))).contains("is no .npy array"));
        assertTrue(hostile.refusal(Hostile.zip(Map.of("w.npy", new byte[5]))).contains("header ends early"));
        assertTrue(hostile.refusal(Hostile.zip(Map.of("readme.txt", new byte[5]))).contains("expected a name that ends in .npy"));
        byte[] longHeader = array(2, " ".repeat(20_000), 0);
        assertTrue(hostile.refusal(Hostile.zip(Map.of("w.npy", longHeader))).contains("at most 10000"));
        assertTrue(hostile.refusal(new byte[0])
                .contains("is not a whole zip archive"));
    }

    @Test
    void bombsAreRefusedBeforeMemoryIsTaken() throws Exception {
        byte[] big = array(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (16000000,)}", 64_000_000);
        String message = hostile.refusal(Hostile.zip(Map.of("w.npy", big)));
        assertTrue(message.contains("times the file's size"), message);
    }

    @Test
    void damagedFilesAreSurvived() throws Exception {
        byte[] whole = Files.readAllBytes(StateDictFiles.FOLDER.resolve("alexnet.npz"));
        hostile.surviveCuts(whole, 397);
        hostile.surviveFlips(whole, 150, 13);
        Random random = new Random(14);
        Map<String, byte[]> entries = Hostile.entries(StateDictFiles.FOLDER.resolve("alexnet.npz"));
        for (int i = 0; i < 150; i++) {
            Map<String, byte[]> damaged = new LinkedHashMap<>(entries);
            damaged.replaceAll((name, bytes) -> {
                byte[] copy = bytes.clone();
                if (random.nextInt(4) == 0) {
                    copy[random.nextInt(128)] = (byte) random.nextInt(256);
                }
                return copy;
            });
            hostile.survive(Hostile.zip(damaged), "round " + i);
        }
    }
}
