package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import quantscope.kernel.ConvShape;
import quantscope.kernel.FloatSigns;
import quantscope.kernel.LevelSigns;
import quantscope.kernel.Memory;
import quantscope.kernel.SignRule;

/** Bits of an fp32 or int8 image, by machine code where the channels of a group fill whole ints. */
final class RuleBits implements BitSource {

    private final ConvShape shape;
    private final PaddedImage image;
    private final SignRule rule;
    private final int zeroSign;
    private final int words;
    private final boolean whole;
    private final MemorySegment bounds;
    private final Routine code;

    RuleBits(PaddedImage image, SignRule rule, int zeroSign, int vectorBits, CodeMemory memory, Abi abi, Arena arena) {
        this.image = image;
        this.rule = rule;
        this.zeroSign = zeroSign;
        shape = image.shape();
        words = (shape.inPerGroup() + 31) / 32;
        whole = shape.inPerGroup() % 32 == 0;
        int each = words * shape.groups();
        code = Routine.tile(memory.load(switch (rule) {
            case FloatSigns _ -> new SignCode(vectorBits, each, zeroSign, image.bytes()).code(abi);
            case LevelSigns _ -> new LevelSignCode(each, zeroSign == 0, image.bytes()).code(abi);
        }, arena));
        bounds = switch (rule) {
            case FloatSigns s -> bounds(s, 4L * 32 * each, arena);
            case LevelSigns s -> bounds(s, 32L * each, arena);
        };
    }

    private MemorySegment bounds(FloatSigns s, long row, Arena arena) {
        MemorySegment to = arena.allocate(3 * row, 64);
        if (whole) {
            MemorySegment.copy(s.turned(), 0, to, ValueLayout.JAVA_INT, 0, s.turned().length);
            MemorySegment.copy(s.atMost(), 0, to, ValueLayout.JAVA_FLOAT, row, s.atMost().length);
            MemorySegment.copy(s.atLeast(), 0, to, ValueLayout.JAVA_FLOAT, 2 * row, s.atLeast().length);
        }
        return to;
    }

    /** Where 0 counts as minus, that is what is not plus. */
    private MemorySegment bounds(LevelSigns s, long row, Arena arena) {
        MemorySegment to = arena.allocate(4 * row, 64);
        for (int c = 0; whole && c < s.minus().length; c++) {
            to.set(ValueLayout.JAVA_BYTE, c, zeroSign < 0 ? s.plus()[c] : s.minus()[c]);
            to.set(ValueLayout.JAVA_BYTE, row + c, zeroSign < 0 ? (byte) ~s.plusNot()[c] : s.minusNot()[c]);
            to.set(ValueLayout.JAVA_BYTE, 2 * row + c, s.plus()[c]);
            to.set(ValueLayout.JAVA_BYTE, 3 * row + c, s.plusNot()[c]);
        }
        return to;
    }

    @Override
    public boolean pack(Memory memory, int from, int[] ints, int bits, int masks) {
        return !whole ? packEach(memory, from, ints, bits, masks) : switch (rule) {
            case FloatSigns _ -> {
                Objects.checkFromIndexSize(from, shape.inChannels() * shape.inPlane(), memory.floats().length);
                yield packRows(MemorySegment.ofArray(memory.floats()), 4, from, ints, bits, masks);
            }
            case LevelSigns _ -> {
                Objects.checkFromIndexSize(from, shape.inChannels() * shape.inPlane(), memory.bytes().length);
                yield packRows(MemorySegment.ofArray(memory.bytes()), 1, from, ints, bits, masks);
            }
        };
    }

    /** Whole ints of channels: a row of pixels is a row of bits. */
    private boolean packRows(MemorySegment in, long valueBytes, int from, int[] ints, int bits, int masks) {
        int row = shape.inWidth() * shape.inChannels();
        MemorySegment out = MemorySegment.ofArray(ints);
        int every = -1;
        for (int y = 0; y < shape.inHeight(); y++) {
            int at = (int) (image.row(y) / 4);
            code.call(in, out, bounds, valueBytes * (from + y * row), 4L * (bits + at), shape.inWidth(), 0);
            if (zeroSign != 0) {
                Arrays.fill(ints, masks + at, masks + at + row / 32, -1);
                continue;
            }
            for (int i = at; i < at + row / 32; i++) {
                ints[masks + i] |= ints[bits + i];
                every &= ints[masks + i];
            }
        }
        return every == -1;
    }

    private boolean packEach(Memory memory, int from, int[] ints, int bits, int masks) {
        boolean every = true;
        int at = from;
        for (int y = 0; y < shape.inHeight(); y++) {
            int to = (int) (image.row(y) / 4);
            for (int x = 0; x < shape.inWidth() * shape.groups(); x++) {
                int channel = x % shape.groups() * shape.inPerGroup();
                for (int word = 0; word < words; word++, to++) {
                    int n = Math.min(32, shape.inPerGroup() - 32 * word);
                    int minus = 0;
                    int some = 0;
                    for (int i = 0; i < n; i++) {
                        int sign = rule.sign(memory, at + i, channel + 32 * word + i);
                        minus |= (sign >>> 31) << i;
                        some |= (sign & 1) << i;
                    }
                    int all = n == 32 ? -1 : (1 << n) - 1;
                    ints[bits + to] = zeroSign < 0 ? minus | all & ~some : minus;
                    ints[masks + to] = zeroSign == 0 ? some : all;
                    every &= ints[masks + to] == all;
                    at += n;
                }
            }
        }
        return every;
    }
}
