package quantscope.format.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import quantscope.format.ModelFormatException;

class StoredTensorTest {

    @TempDir
    Path folder;
    private Path file;
    private FileChannel channel;

    @BeforeEach
    void open() throws IOException {
        file = Files.createFile(folder.resolve("data"));
        channel = FileChannel.open(file);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private ByteRange range(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return new ByteRange.Plain(channel, 0, bytes.length);
    }

    private StoredTensor tensor(ByteRange data, ElementType type, ByteOrder order, long[] sizes) throws ModelFormatException {
        return StoredTensor.of(file, "w", data, type, order, 0, sizes, StoredTensor.contiguous(sizes));
    }

    /** An element in which every bit pattern shows whether it is read with its sign and in the right order. */
    private static void put(ByteBuffer out, ElementType type, int which) {
        switch (type) {
            case FLOAT16 -> out.putShort(Float.floatToFloat16(which == 0 ? -1.5f : 65504));
            case BFLOAT16 -> out.putShort((short) (Float.floatToRawIntBits(which == 0 ? -1.5f : 0x1p100f) >>> 16));
            case FLOAT32 -> out.putFloat(which == 0 ? -1.5f : 0x1p-149f);
            case FLOAT64 -> out.putDouble(which == 0 ? -1.5 : 0.1);
            case INT8, UINT8 -> out.put((byte) (which == 0 ? -2 : 100));
            case BOOL -> out.put((byte) (which == 0 ? 2 : 0));
            case INT16, UINT16 -> out.putShort((short) (which == 0 ? -2 : 0x1234));
            case INT32, UINT32 -> out.putInt(which == 0 ? -2 : 0x12345678);
            case INT64, UINT64 -> out.putLong(which == 0 ? -2 : 0x1234567890L);
        }
    }

    private static float[] expected(ElementType type) {
        return switch (type) {
            case FLOAT16 -> new float[] {-1.5f, 65504};
            case BFLOAT16 -> new float[] {-1.5f, 0x1p100f};
            case FLOAT32 -> new float[] {-1.5f, 0x1p-149f};
            case FLOAT64 -> new float[] {-1.5f, 0.1f};
            case INT8 -> new float[] {-2, 100};
            case UINT8 -> new float[] {254, 100};
            case BOOL -> new float[] {1, 0};
            case INT16 -> new float[] {-2, 0x1234};
            case UINT16 -> new float[] {65534, 0x1234};
            case INT32 -> new float[] {-2, 0x12345678};
            case UINT32 -> new float[] {4294967294f, 0x12345678};
            case INT64 -> new float[] {-2, 0x1234567890L};
            case UINT64 -> new float[] {18446744073709551614f, 0x1234567890L};
        };
    }

    @ParameterizedTest
    @EnumSource
    void elementsOfEveryTypeAndOrderAreRead(ElementType type) throws Exception {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            ByteBuffer bytes = ByteBuffer.allocate(2 * type.bytes()).order(order);
            put(bytes, type, 0);
            put(bytes, type, 1);
            assertArrayEquals(expected(type), tensor(range(bytes.array()), type, order, new long[] {2}).load().data());
        }
    }

    @Test
    void unsignedNumbersAreRoundedOnce() throws Exception {
        // 2^63 + 2^39 lies half-way; one more must round up, to even it rounds down.
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong((1L << 63) + (1L << 39)).putLong((1L << 63) + (1L << 39) + 1);
        assertArrayEquals(new float[] {0x1p63f, 0x1p63f + 0x1p40f},
                tensor(range(bytes.array()), ElementType.UINT64, ByteOrder.LITTLE_ENDIAN, new long[] {2}).load().data());
    }

    @Test
    void viewsOfLargeStoragesAreGathered() throws Exception {
        int rows = 300;
        int columns = 700;
        ByteBuffer bytes = ByteBuffer.allocate(4 * (rows * columns + 5)).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(5);
        float[] data = new float[rows * columns + 5];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
            bytes.putFloat(data[i]);
        }
        StoredTensor transposed = StoredTensor.of(file, "w", range(bytes.array()), ElementType.FLOAT32,
                ByteOrder.LITTLE_ENDIAN, 5, new long[] {columns, rows}, new long[] {1, columns});
        float[] read = transposed.load().data();
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                assertEquals(data[5 + row * columns + column], read[column * rows + row]);
            }
        }
    }

    @Test
    void namesOfOneViewShareItsArray() throws Exception {
        ByteRange data = range(new byte[32]);
        StoredTensor view = tensor(data, ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, new long[] {4});
        StoredTensor same = tensor(data, ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, new long[] {4});
        StoredTensor other = tensor(data, ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, new long[] {2, 2});
        StateDict dict = new StateDict(file, Map.of("a", view, "b", same, "c", other), 32);
        assertSame(dict.load("a"), dict.load("b"));
        assertTrue(dict.load("a") != dict.load("c"));
    }

    @Test
    void aFileThatBecomesShorterIsSaid() throws Exception {
        StoredTensor tensor = tensor(range(new byte[32]), ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, new long[] {8});
        StateDict dict = new StateDict(file, Map.of("w", tensor), 32);
        Files.write(file, new byte[20]);
        String message = assertThrows(ModelFormatException.class, () -> dict.load("w")).getMessage();
        assertTrue(message.contains("data: w: is cut off or damaged"), message);
    }
}
