package quantscope.fuzz;

import java.util.Random;

/** Numbers, names and texts that readers trip over. */
final class Interesting {

    private static final long[] NUMBERS = {0, 1, 2, 3, 7, 8, 16, 64, 127, 128, 255, 256, 1000, 4096, 32767, 32768, 65535, 65536,
        1 << 20, 1 << 24, 1 << 28, 1 << 30, Integer.MAX_VALUE - 8, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 1L << 31,
        (1L << 32) - 1, 1L << 32, (1L << 32) + 1, 1L << 33, 1L << 40, 1L << 53, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE,
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, -2, -3, -8, -128, -1000, Integer.MIN_VALUE, Integer.MIN_VALUE - 1L};

    private static final String[] TEXTS = {"", " ", ".", "..", "/", "../secret.bin", "../../../../etc/passwd", "/etc/passwd",
        "..\\secret.bin", "C:\\secret.bin", "link.bin", "linked/secret.bin", "file:///etc/passwd", "weights.bin", "a\0b", "\n",
        "\u202e\ud83d\ude00", "NaN", "-1", "1e999", "0x7fffffff", "None", "true", "null", "__import__('os').system('id')",
        "Conv", "Reshape", "Loop", "torch.ops.aten.conv2d.default", "%s%n%x", "${jndi:ldap://x}", "as_tensor"};

    private Interesting() { }

    static long number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(300) - 20;
            case 1 -> random.nextLong() >> random.nextInt(64);
            default -> NUMBERS[random.nextInt(NUMBERS.length)];
        };
    }

    static String text(Random random) {
        int i = random.nextInt(TEXTS.length + 2);
        return i < TEXTS.length ? TEXTS[i] : "x".repeat(i == TEXTS.length ? 300 : 70_000);
    }
}
