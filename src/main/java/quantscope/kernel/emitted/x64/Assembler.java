package quantscope.kernel.emitted.x64;

import java.util.Arrays;

/**
 * Writes machine code, byte for byte as the GNU assembler does. Vector instructions get a VEX prefix where it can say
 * what is asked for, an EVEX prefix otherwise.
 */
public final class Assembler {

    private byte[] code = new byte[1024];
    private int size;
    private int open;

    /** The code so far. @throws IllegalStateException while a jump waits for its label */
    public byte[] code() {
        if (open > 0) {
            throw new IllegalStateException(open + " jumps go to labels that are not bound");
        }
        return Arrays.copyOf(code, size);
    }

    // ---- vector instructions ----

    /** dst = op(a, b). */
    public void emit(Op op, Vec dst, Vec a, Vec b) {
        emit(op, dst, a, b, Mask.NONE);
    }

    public void emit(Op op, Vec dst, Vec a, Vec b, Mask mask) {
        vector(op, dst, a.index(), b, dst.bits(), mask);
    }

    /** dst = op(a, memory). */
    public void emit(Op op, Vec dst, Vec a, Mem b) {
        emit(op, dst, a, b, Mask.NONE);
    }

    public void emit(Op op, Vec dst, Vec a, Mem b, Mask mask) {
        memory(op, dst, a.index(), b, dst.bits(), mask);
    }

    /** dst = op(a); moves, conversions, broadcasts. Where a store has another opcode, the register comes first. */
    public void emit(Op op, Vec dst, Vec a) {
        vector(op, dst, 0, a, Math.max(dst.bits(), op.tuple == Op.Tuple.FULL ? a.bits() : 0), Mask.NONE);
    }

    /** dst = op(memory), or the other way round for stores. */
    public void emit(Op op, Vec register, Mem memory) {
        emit(op, register, memory, Mask.NONE);
    }

    public void emit(Op op, Vec register, Mem memory, Mask mask) {
        memory(op, register, 0, memory, register.bits(), mask);
    }

    /** dst = op(a, b, immediate). */
    public void emit(Op op, Vec dst, Vec a, Vec b, int immediate) {
        vector(op, dst, a.index(), b, dst.bits(), Mask.NONE);
        put(immediate);
    }

    /** memory = op(register, immediate). */
    public void emit(Op op, Vec register, Mem memory, int immediate) {
        memory(op, register, 0, memory, register.bits(), Mask.NONE);
        put(immediate);
    }

    /** dst = op(a, immediate), for shuffles and for extracting, where the part that is extracted comes second. */
    public void emit(Op op, Vec dst, Vec a, int immediate) {
        vector(op, dst, 0, a, dst.bits(), Mask.NONE);
        put(immediate);
    }

    /** dst = op(a, memory, immediate). */
    public void emit(Op op, Vec dst, Vec a, Mem b, int immediate) {
        memory(op, dst, a.index(), b, dst.bits(), Mask.NONE);
        put(immediate);
    }

    /** The sign bits of the 32-bit elements. */
    public void moveSigns(Gp dst, Vec a) {
        vector(Op.VMOVMSKPS, new Vec(dst.ordinal(), a.bits()), 0, a, a.bits(), Mask.NONE);
    }

    /** The sign bits of the bytes. */
    public void moveByteSigns(Gp dst, Vec a) {
        vector(Op.VPMOVMSKB, new Vec(dst.ordinal(), a.bits()), 0, a, a.bits(), Mask.NONE);
    }

    /** Mask register k1 to k7 = a compared with memory, element by element. */
    public void compare(Op op, int mask, Vec a, Mem b, int predicate) {
        memory(op, new Vec(mask, a.bits()), a.index(), b, a.bits(), Mask.NONE);
        put(predicate);
    }

    /** dst = a shifted right by words. */
    public void shiftRightWords(Vec dst, Vec a, int count) {
        vector(Op.VPSRLW, new Vec(2, dst.bits()), dst.index(), a, dst.bits(), Mask.NONE);
        put(count);
    }

    private void vector(Op op, Vec reg, int second, Vec rm, int bits, Mask mask) {
        boolean evex = evex(op, reg.needsEvex() || rm.needsEvex() || second > 15 || bits == 512 || mask.number() > 0);
        if (evex) {
            evexPrefix(op, reg.index(), second, rm.index() >> 3 & 1, rm.index() >> 4, bits, mask, false);
        } else {
            vexPrefix(op, reg.index(), second, 0, rm.index() >> 3, bits);
        }
        put(op.opcode);
        put(0xc0 | reg.low() << 3 | rm.low());
    }

    private void memory(Op op, Vec reg, int second, Mem m, int bits, Mask mask) {
        boolean evex = evex(op, reg.needsEvex() || second > 15 || bits == 512 || mask.number() > 0
                || mask.broadcast());
        int x = m.index().map(Gp::high).orElse(0);
        if (evex) {
            evexPrefix(op, reg.index(), second, m.base().high(), x, bits, mask, true);
        } else {
            vexPrefix(op, reg.index(), second, x, m.base().high(), bits);
        }
        put(op.opcode);
        address(reg.low(), m, !evex ? 1 : mask.broadcast() ? op.evexW == 1 ? 8 : 4 : op.tuple.bytes(bits));
    }

    private static boolean evex(Op op, boolean needed) {
        if (needed && op.encoding == Op.Encoding.VEX) {
            throw new IllegalArgumentException(op + " has no EVEX form");
        }
        return needed || op.encoding == Op.Encoding.EVEX;
    }

    private void vexPrefix(Op op, int reg, int second, int x, int b, int bits) {
        int length = bits == 256 ? 4 : 0;
        int tail = (~second & 15) << 3 | length | op.prefix.ordinal();
        if (op.map == 1 && op.vexW == 0 && x == 0 && b == 0) {
            put(0xc5);
            put((~reg >> 3 & 1) << 7 | tail);
        } else {
            put(0xc4);
            put((~reg >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | op.map);
            put(op.vexW << 7 | tail);
        }
    }

    /** @param x the index register's high bit, or for a register operand the fifth bit of its number */
    private void evexPrefix(Op op, int reg, int second, int b, int x, int bits, Mask mask, boolean memory) {
        put(0x62);
        put((~reg >> 3 & 1) << 7 | (~x & 1) << 6 | (~b & 1) << 5 | (~reg >> 4 & 1) << 4 | op.map);
        put(op.evexW << 7 | (~second & 15) << 3 | 4 | op.prefix.ordinal());
        int length = bits == 512 ? 2 : bits == 256 ? 1 : 0;
        put((mask.zeroing() ? 0x80 : 0) | length << 5 | (memory && mask.broadcast() ? 0x10 : 0)
                | (~second >> 4 & 1) << 3 | mask.number());
    }

    /** ModRM, SIB and displacement; an 8-bit displacement counts units of {@code unit} bytes. */
    private void address(int reg, Mem m, int unit) {
        int d = m.displacement();
        boolean none = d == 0 && m.base().low() != 5;
        boolean small = d % unit == 0 && d / unit >= -128 && d / unit <= 127;
        int mode = none ? 0 : small ? 0x40 : 0x80;
        boolean sib = m.index().isPresent() || m.base().low() == 4;
        put(mode | reg << 3 | (sib ? 4 : m.base().low()));
        if (sib) {
            put(m.scaleBits() << 6 | m.index().map(Gp::low).orElse(4) << 3 | m.base().low());
        }
        if (!none) {
            if (small) {
                put(d / unit);
            } else {
                putInt(d);
            }
        }
    }

    // ---- general purpose instructions, 64 bits wide ----

    public void mov(Gp dst, Gp src) {
        rex(src, dst);
        put(0x89);
        put(0xc0 | src.low() << 3 | dst.low());
    }

    public void mov(Gp dst, Mem src) {
        rex(dst, src);
        put(0x8b);
        address(dst.low(), src, 1);
    }

    public void mov(Mem dst, Gp src) {
        rex(src, dst);
        put(0x89);
        address(src.low(), dst, 1);
    }

    /** Zero-extended from 32 bits. */
    public void mov32(Gp dst, Mem src) {
        move32(0x8b, dst, src);
    }

    /** The lower 32 bits. */
    public void mov32(Mem dst, Gp src) {
        move32(0x89, src, dst);
    }

    /** The lowest byte. */
    public void mov8(Mem dst, Gp src) {
        int rex = src.high() << 2 | dst.index().map(Gp::high).orElse(0) << 1 | dst.base().high();
        // Without a prefix, the numbers of these four are those of ah to bh.
        if (rex != 0 || src.ordinal() >= Gp.RSP.ordinal()) {
            put(0x40 | rex);
        }
        put(0x88);
        address(src.low(), dst, 1);
    }

    private void move32(int opcode, Gp register, Mem m) {
        int rex = register.high() << 2 | m.index().map(Gp::high).orElse(0) << 1 | m.base().high();
        if (rex != 0) {
            put(0x40 | rex);
        }
        put(opcode);
        address(register.low(), m, 1);
    }

    /** The number, zero-extended from 32 bits. */
    public void mov(Gp dst, int number) {
        if (dst.high() == 1) {
            put(0x41);
        }
        put(0xb8 | dst.low());
        putInt(number);
    }

    public void lea(Gp dst, Mem src) {
        rex(dst, src);
        put(0x8d);
        address(dst.low(), src, 1);
    }

    public void add(Gp dst, int number) {
        arithmetic(0, dst, number);
    }

    public void sub(Gp dst, int number) {
        arithmetic(5, dst, number);
    }

    public void and(Gp dst, int number) {
        arithmetic(4, dst, number);
    }

    public void cmp(Gp a, int number) {
        arithmetic(7, a, number);
    }

    public void add(Gp dst, Gp src) {
        rex(src, dst);
        put(0x01);
        put(0xc0 | src.low() << 3 | dst.low());
    }

    public void cmp(Gp a, Gp b) {
        rex(b, a);
        put(0x39);
        put(0xc0 | b.low() << 3 | a.low());
    }

    private void arithmetic(int operation, Gp dst, int number) {
        put(0x48 | dst.high());
        boolean small = number >= -128 && number <= 127;
        if (!small && dst == Gp.RAX) {
            put(operation << 3 | 5);
            putInt(number);
            return;
        }
        put(small ? 0x83 : 0x81);
        put(0xc0 | operation << 3 | dst.low());
        if (small) {
            put(number);
        } else {
            putInt(number);
        }
    }

    public void push(Gp register) {
        if (register.high() == 1) {
            put(0x41);
        }
        put(0x50 | register.low());
    }

    public void pop(Gp register) {
        if (register.high() == 1) {
            put(0x41);
        }
        put(0x58 | register.low());
    }

    public void ret() {
        put(0xc3);
    }

    public void vzeroupper() {
        put(0xc5);
        put(0xf8);
        put(0x77);
    }

    public void cpuid() {
        put(0x0f);
        put(0xa2);
    }

    public void xgetbv() {
        put(0x0f);
        put(0x01);
        put(0xd0);
    }

    public void prefetcht0(Mem m) {
        prefetch(1, m);
    }

    /** Into the second-level cache. */
    public void prefetcht1(Mem m) {
        prefetch(2, m);
    }

    private void prefetch(int hint, Mem m) {
        int rex = m.index().map(Gp::high).orElse(0) << 1 | m.base().high();
        if (rex != 0) {
            put(0x40 | rex);
        }
        put(0x0f);
        put(0x18);
        address(hint, m, 1);
    }

    /** Mask register k1 to k7 from the lower 32 bits of a register. */
    public void kmovd(int mask, Gp src) {
        if (src.high() == 0) {
            put(0xc5);
            put(0xfb);
        } else {
            put(0xc4);
            put(0xc1);
            put(0x7b);
        }
        put(0x92);
        put(0xc0 | mask << 3 | src.low());
    }

    /** The lower 16 bits of mask register k1 to k7 to memory. */
    public void kmovw(Mem dst, int mask) {
        int x = dst.index().map(Gp::high).orElse(0);
        if (x == 0 && dst.base().high() == 0) {
            put(0xc5);
            put(0xf8);
        } else {
            put(0xc4);
            put(0x80 | (~x & 1) << 6 | (~dst.base().high() & 1) << 5 | 1);
            put(0x78);
        }
        put(0x91);
        address(mask, dst, 1);
    }

    // ---- jumps ----

    public void bind(Label label) {
        label.bind(size);
        for (int at : label.waiting()) {
            setInt(at, size - at - 4);
            open--;
        }
        label.waiting().clear();
    }

    public void jump(Label target) {
        jump(target, 0xeb, -1, 0xe9);
    }

    public void jump(Condition condition, Label target) {
        jump(target, 0x70 | condition.code, 0x0f, 0x80 | condition.code);
    }

    /** Short where the target is known and near; what is not known yet gets room for any distance. */
    private void jump(Label target, int near, int escape, int far) {
        int distance = target.position() - size - 2;
        if (target.bound() && distance >= -128) {
            put(near);
            put(distance);
            return;
        }
        if (escape >= 0) {
            put(escape);
        }
        put(far);
        if (target.bound()) {
            putInt(target.position() - size - 4);
        } else {
            target.waiting().add(size);
            open++;
            putInt(0);
        }
    }

    // ---- bytes ----

    private void rex(Gp reg, Gp rm) {
        put(0x48 | reg.high() << 2 | rm.high());
    }

    private void rex(Gp reg, Mem m) {
        put(0x48 | reg.high() << 2 | m.index().map(Gp::high).orElse(0) << 1 | m.base().high());
    }

    private void put(int value) {
        if (size == code.length) {
            code = Arrays.copyOf(code, size * 2);
        }
        code[size++] = (byte) value;
    }

    private void putInt(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            put(value >> shift);
        }
    }

    private void setInt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            code[at + i] = (byte) (value >> 8 * i);
        }
    }
}
