package quantscope.kernel.emitted;

import static quantscope.kernel.emitted.x64.Gp.R10;
import static quantscope.kernel.emitted.x64.Gp.R11;
import static quantscope.kernel.emitted.x64.Gp.R8;
import static quantscope.kernel.emitted.x64.Gp.R9;
import static quantscope.kernel.emitted.x64.Gp.RAX;
import static quantscope.kernel.emitted.x64.Gp.RCX;
import static quantscope.kernel.emitted.x64.Gp.RDX;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Quantizes images of three colours on 256 bits, eight pixels at a time: image and levels pass through the caches once, and
 * no fp32 pixels in between.
 */
final class ThreePlanes implements ImageQuantizer {

    private static final int COLOURS = 3;
    private static final int GROUP = 8;
    private static final int GROUP_BYTES = COLOURS * GROUP;
    /** Both halves of a group are stored whole; what is behind the second one's bytes is the next group's. */
    private static final int BEYOND = 4;
    /** Groups of a call, which holds off the garbage collector. */
    private static final int CHUNK = 1 << 12;

    private static final List<Gp> PLANES = List.of(R10, R11, RCX);
    private static final Vec ORDER = new Vec(7, 256);
    private static final int VECTORS = 8;
    /** What comes of four pixels' bytes, colour by colour; the last four are none. */
    private static final byte[] BY_PIXEL = {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, -1, -1, -1, -1};
    private static final int NUMBERS = 16;

    private final int pixels;
    private final Routine routine;
    private final MemorySegment constants;

    /** @param pixels of the image, at least two groups */
    ThreePlanes(KernelSpec.Quantize spec, int pixels, CodeMemory memory, Abi abi, Arena arena) {
        this.pixels = pixels;
        routine = Routine.tile(memory.load(code(abi), arena));
        constants = arena.allocate(NUMBERS + 4 * Float.BYTES, NUMBERS);
        MemorySegment.copy(BY_PIXEL, 0, constants, ValueLayout.JAVA_BYTE, 0, BY_PIXEL.length);
        MemorySegment.copy(new float[] {spec.inverseScale(), spec.zeroPoint(), 0, 255}, 0, constants,
                ValueLayout.JAVA_FLOAT, NUMBERS, 4);
    }

    static boolean takes(int pixels, int channels) {
        return channels == COLOURS && pixels >= 2 * GROUP && pixels <= Integer.MAX_VALUE / GROUP_BYTES;
    }

    @Override
    public void run(float[] planes, byte[] levels, int at) {
        Objects.checkFromIndexSize(0, COLOURS * pixels, planes.length);
        Objects.checkFromIndexSize(at, COLOURS * pixels, levels.length);
        MemorySegment in = MemorySegment.ofArray(planes);
        MemorySegment out = MemorySegment.ofArray(levels);
        int groups = (COLOURS * pixels - BEYOND) / GROUP_BYTES;
        for (int done = 0; done < groups; done += CHUNK) {
            call(in, done * GROUP, out, at + done * GROUP_BYTES, Math.min(CHUNK, groups - done));
        }
        // The last ones, some once more and the same: first those before the last group, then that one where there is nothing
        // behind it that must stay.
        call(in, pixels - 2 * GROUP, out, at + COLOURS * (pixels - 2 * GROUP), 1);
        byte[] last = new byte[GROUP_BYTES + BEYOND];
        call(in, pixels - GROUP, MemorySegment.ofArray(last), 0, 1);
        System.arraycopy(last, 0, levels, at + COLOURS * (pixels - GROUP), GROUP_BYTES);
    }

    private void call(MemorySegment planes, int pixel, MemorySegment levels, int to, int groups) {
        routine.call(planes, levels, constants, 4L * pixel, 4L * pixels, to, groups);
    }

    /** f(planes, levels, constants, offset of the first plane's pixel, from a plane to the next, offset of the levels, groups). */
    private static byte[] code(Abi abi) {
        Assembler a = new Assembler();
        abi.argument(a, 0, R10);
        abi.argument(a, 1, RAX);
        abi.argument(a, 2, RDX);
        // Each number's register was read by the time it is written; what is on the stack has not moved yet.
        a.add(R10, abi.argument(3));
        abi.argument(a, 4, R8);
        a.mov(R11, R10);
        a.add(R11, R8);
        a.mov(RCX, R11);
        a.add(RCX, R8);
        abi.argument(a, 5, R9);
        a.add(RAX, R9);
        abi.argument(a, 6, R9);
        abi.enter(a, List.of(), VECTORS);
        a.emit(Op.VBROADCASTI128, ORDER, Mem.at(RDX));
        List<Vec> numbers = List.of(new Vec(3, 256), new Vec(4, 256), new Vec(5, 256), new Vec(6, 256));
        for (int i = 0; i < numbers.size(); i++) {
            a.emit(Op.VPBROADCASTD, numbers.get(i), Mem.at(RDX, NUMBERS + 4 * i));
        }
        ElementStream.Rounding rounding = new ElementStream.Rounding(numbers.get(0), numbers.get(1), numbers.get(2),
                numbers.get(3));
        Label next = new Label();
        a.bind(next);
        for (int colour = 0; colour < COLOURS; colour++) {
            ElementStream.level(a, new Vec(colour, 256), Mem.at(PLANES.get(colour)), rounding);
        }
        store(a);
        PLANES.forEach(plane -> a.add(plane, Float.BYTES * GROUP));
        a.add(RAX, GROUP_BYTES);
        a.sub(R9, 1);
        a.jump(Condition.NOT_EQUAL, next);
        abi.leave(a, List.of(), VECTORS);
        return a.code();
    }

    /** Packs each half of the colours by itself: four pixels' bytes, which are put in order. */
    private static void store(Assembler a) {
        Vec red = new Vec(0, 256);
        Vec green = new Vec(1, 256);
        Vec blue = new Vec(2, 256);
        a.emit(Op.VPACKSSDW, red, red, green);
        a.emit(Op.VPACKSSDW, blue, blue, blue);
        a.emit(Op.VPACKUSWB, red, red, blue);
        a.emit(Op.VPSHUFB, red, red, ORDER);
        a.emit(Op.VMOVDQU_STORE, red.as(128), Mem.at(RAX));
        a.emit(Op.VEXTRACTI128, red, Mem.at(RAX, GROUP_BYTES / 2), 1);
    }
}
