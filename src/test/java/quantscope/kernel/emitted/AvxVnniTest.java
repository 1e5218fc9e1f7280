package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * AVX-VNNI differs from fp32 on AVX2 in one byte of each multiplication: where the CPU has no AVX-VNNI, the other tests
 * run that.
 */
class AvxVnniTest {

    private static final byte VFMADD231PS = (byte) 0xb8;
    private static final byte VPDPBUSD = 0x50;

    @ParameterizedTest
    @EnumSource(Abi.class)
    void itsTilesAreThoseOfFloatsWithAnotherMultiplication(Abi abi) {
        for (int pixels = 1; pixels <= 6; pixels++) {
            byte[] floats = tile(Way.FLOAT_256, pixels).code(abi);
            byte[] dots = tile(Way.DOT_256, pixels).code(abi);
            assertEquals(floats.length, dots.length);
            int multiplications = 0;
            for (int i = 0; i < dots.length; i++) {
                if (floats[i] != dots[i]) {
                    assertEquals(VFMADD231PS, floats[i], "byte " + i);
                    assertEquals(VPDPBUSD, dots[i], "byte " + i);
                    multiplications++;
                }
            }
            // Four steps in a loop and three behind it.
            assertEquals(7 * 2 * pixels, multiplications);
        }
    }

    private static Tile tile(Way way, int pixels) {
        return new Tile(way, Ending.FLOATS, pixels, 2, 5, 3, 3, 11, 64, 4096, 64, 128, 0, 0, Tile.Streams.ONE);
    }
}
