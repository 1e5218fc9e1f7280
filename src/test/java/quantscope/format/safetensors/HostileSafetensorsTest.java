package quantscope.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.format.Hostile;
import quantscope.format.StateDictFiles;

class HostileSafetensorsTest {

    @TempDir
    Path folder;
    private Hostile hostile;

    @BeforeEach
    void create() {
        hostile = new Hostile(new SafetensorsReader(), folder.resolve("hostile.safetensors"));
    }

    private static byte[] file(String header, int data) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).array();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "`{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}`|8|Duplicate",
        "`{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}`|12|overlap",
        "`{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}`|12|leave a gap",
        "`{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}`|8|has 8 bytes of data, expected 4",
        "`{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}`|4|data_offsets are [0,8]",
        "`{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}`|4|data_offsets are [4,0]",
        "`{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}`|8|does not fit",
        "`{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}`|8|expected 4 for shape [1]",
        "`{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}`|8|shape has -2",
        "`{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}`|8|shape has 1.5",
        "`{'a':{'dtype':'F32','shape':[9223372036854775807,2],'data_offsets':[0,8]}}`|8|does not fit",
        "`{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,8]}}`|8|does not fit",
        "`{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}}`|8|F8_E4M3",
        "`{'a':{'dtype':'F32','data_offsets':[0,8]}}`|8|has no list shape",
        "`{'a':{'dtype':'F32','shape':[2]}}`|8|has no list data_offsets",
        "`{'a':7}`|0|element type",
        "`{'__metadata__':{'a':7}}`|0|is no text",
        "`[1, 2]`|0|no JSON object",
        "`{'a':`|0|not JSON"}, delimiter = '|')
    void headersAreHeldAgainstTheFile(String header, int data, String part) throws Exception {
        String message = hostile.refusal(file(header, data));
        assertTrue(message.contains(part), message);
    }

    @Test
    void headerLengthsAreCheckedBeforeMemoryIsTaken() throws Exception {
        for (long length : new long[] {0, 1, -1, 3, 1L << 25, 1L << 40, Long.MIN_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
            assertTrue(hostile.refusal(bytes).contains("its header would have"));
        }
        assertTrue(hostile.refusal(new byte[5]).contains("too few"));
    }

    @Test
    void deeplyNestedHeadersAreRefused() throws Exception {
        assertTrue(hostile.refusal(file("{'a':" + "[".repeat(100_000) + "]".repeat(100_000) + "}", 0)).contains("header"));
    }

    @Test
    void damagedFilesAreSurvived() throws Exception {
        byte[] whole = Files.readAllBytes(StateDictFiles.FOLDER.resolve("alexnet.safetensors"));
        hostile.surviveCuts(whole, 197);
        hostile.surviveFlips(java.util.Arrays.copyOf(whole, 2500), 100, 11);
        Random random = new Random(12);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(1500);
            for (int k = at; k < at + 40; k++) {
                if (damaged[k] >= '0' && damaged[k] <= '9') {
                    damaged[k] = (byte) ('0' + random.nextInt(10));
                }
            }
            hostile.survive(damaged, "round " + i);
        }
    }
}
