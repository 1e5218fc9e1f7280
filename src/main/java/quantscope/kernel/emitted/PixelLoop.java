package quantscope.kernel.emitted;

import java.util.List;
import java.util.function.Consumer;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;

/**
 * Writes code that walks over pixels and the batches of channels of each, called as
 * f(in, out, bounds, inOffset, outOffset, pixels): bounds are the same for each pixel.
 *
 * @param batches    of a pixel
 * @param inBytes    of a batch
 * @param boundBytes of a batch
 * @param outBytes   of a batch
 */
record PixelLoop(int batches, int inBytes, int boundBytes, int outBytes) {

    static final Gp IN = Gp.R10;
    static final Gp OUT = Gp.R11;
    /** In the bounds. */
    static final Gp AT = Gp.RBX;
    static final Gp FREE = Gp.RBP;

    private static final Gp BOUNDS = Gp.RAX;
    private static final Gp PIXELS = Gp.R12;
    private static final Gp COUNT = Gp.R13;
    private static final List<Gp> USED = List.of(AT, FREE, PIXELS, COUNT);

    /** @param batch leaves all registers but {@link #FREE} and vectors 0 to 5 as they are */
    byte[] code(Abi abi, Consumer<Assembler> batch) {
        Assembler a = new Assembler();
        abi.argument(a, 0, IN);
        abi.argument(a, 1, OUT);
        abi.argument(a, 2, BOUNDS);
        // The fourth argument's register, if it is this one, is read before the fifth comes into it.
        add(a, abi, IN, 3);
        add(a, abi, OUT, 4);
        abi.argument(a, 5, Gp.R9);
        abi.enter(a, USED, 0);
        a.mov(PIXELS, Gp.R9);
        Label pixel = new Label();
        a.bind(pixel);
        a.mov(AT, BOUNDS);
        a.mov(COUNT, batches);
        Label start = new Label();
        a.bind(start);
        batch.accept(a);
        a.add(IN, inBytes);
        a.add(AT, boundBytes);
        a.add(OUT, outBytes);
        a.sub(COUNT, 1);
        a.jump(Condition.NOT_EQUAL, start);
        a.sub(PIXELS, 1);
        a.jump(Condition.NOT_EQUAL, pixel);
        abi.leave(a, USED, 0);
        return a.code();
    }

    private static void add(Assembler a, Abi abi, Gp to, int argument) {
        if (argument < abi.arguments()) {
            a.add(to, abi.argument(argument));
        } else {
            abi.argument(a, argument, Gp.R9);
            a.add(to, Gp.R9);
        }
    }
}
