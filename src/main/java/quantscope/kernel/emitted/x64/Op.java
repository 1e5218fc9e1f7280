package quantscope.kernel.emitted.x64;

import static quantscope.kernel.emitted.x64.Op.Prefix.P66;
import static quantscope.kernel.emitted.x64.Op.Prefix.PF2;
import static quantscope.kernel.emitted.x64.Op.Prefix.PF3;
import static quantscope.kernel.emitted.x64.Op.Prefix.PNONE;
import static quantscope.kernel.emitted.x64.Op.Tuple.EIGHTH;
import static quantscope.kernel.emitted.x64.Op.Tuple.FIXED_16;
import static quantscope.kernel.emitted.x64.Op.Tuple.FIXED_32;
import static quantscope.kernel.emitted.x64.Op.Tuple.FULL;
import static quantscope.kernel.emitted.x64.Op.Tuple.HALF;
import static quantscope.kernel.emitted.x64.Op.Tuple.QUARTER;
import static quantscope.kernel.emitted.x64.Op.Tuple.SCALAR_1;
import static quantscope.kernel.emitted.x64.Op.Tuple.SCALAR_2;
import static quantscope.kernel.emitted.x64.Op.Tuple.SCALAR_4;
import static quantscope.kernel.emitted.x64.Op.Tuple.SCALAR_8;

/**
 * Vector instructions: what their VEX and EVEX prefixes hold. Names are Intel's; opcodes are those of the Software
 * Developer's Manual, volume 2.
 */
public enum Op {

    // ---- moves; a store has the register first, too ----
    VMOVUPS(PNONE, 1, 0, 0x10), VMOVUPS_STORE(PNONE, 1, 0, 0x11),
    VMOVAPS(PNONE, 1, 0, 0x28), VMOVAPS_STORE(PNONE, 1, 0, 0x29),
    VMOVDQU(PF3, 1, 0, 0x6f, Encoding.VEX), VMOVDQU_STORE(PF3, 1, 0, 0x7f, Encoding.VEX),
    VMOVDQU32(PF3, 1, 0, 0x6f, Encoding.EVEX), VMOVDQU32_STORE(PF3, 1, 0, 0x7f, Encoding.EVEX),
    VMOVDQU8(PF2, 1, 0, 0x6f, Encoding.EVEX), VMOVDQU8_STORE(PF2, 1, 0, 0x7f, Encoding.EVEX),
    VMOVSS(PF3, 1, 0, 0x10, SCALAR_4), VMOVSS_STORE(PF3, 1, 0, 0x11, SCALAR_4),
    VMOVD_STORE(P66, 1, 0, 0x7e, SCALAR_4), VMOVQ_STORE(P66, 1, 0, 0xd6, Encoding.VEX),
    VMASKMOVPS(P66, 2, 0, 0x2c, Encoding.VEX), VMASKMOVPS_STORE(P66, 2, 0, 0x2e, Encoding.VEX),

    // ---- broadcasts ----
    VBROADCASTSS(P66, 2, 0, 0x18, SCALAR_4), VPBROADCASTD(P66, 2, 0, 0x58, SCALAR_4),
    VPBROADCASTQ(P66, 2, 0, 0x59, SCALAR_8, 1), VPBROADCASTW(P66, 2, 0, 0x79, SCALAR_2),
    VPBROADCASTB(P66, 2, 0, 0x78, SCALAR_1),
    VBROADCASTI128(P66, 2, 0, 0x5a, Encoding.VEX),

    // ---- fp32 ----
    VADDPS(PNONE, 1, 0, 0x58), VSUBPS(PNONE, 1, 0, 0x5c), VMULPS(PNONE, 1, 0, 0x59), VMAXPS(PNONE, 1, 0, 0x5f),
    VMINPS(PNONE, 1, 0, 0x5d), VFMADD231PS(P66, 2, 0, 0xb8), VFMADD213PS(P66, 2, 0, 0xa8),
    VCVTDQ2PS(PNONE, 1, 0, 0x5b), VCVTPS2DQ(P66, 1, 0, 0x5b), VXORPS(PNONE, 1, 0, 0x57, Encoding.VEX),
    VCMPPS(PNONE, 1, 0, 0xc2, Encoding.EVEX), VCMPPS_VEX(PNONE, 1, 0, 0xc2, Encoding.VEX),
    VMOVMSKPS(PNONE, 1, 0, 0x50, Encoding.VEX),

    // ---- integers ----
    VPADDB(P66, 1, 0, 0xfc), VPADDW(P66, 1, 0, 0xfd), VPADDD(P66, 1, 0, 0xfe), VPADDQ(P66, 1, 0, 0xd4, FULL, 1),
    VPSUBW(P66, 1, 0, 0xf9), VPSUBD(P66, 1, 0, 0xfa), VPMULLW(P66, 1, 0, 0xd5), VPMULLD(P66, 2, 0, 0x40), VPMAXSD(P66, 2, 0, 0x3d), VPMINSD(P66, 2, 0, 0x39),
    VPMADDUBSW(P66, 2, 0, 0x04), VPMADDWD(P66, 1, 0, 0xf5),
    VPDPBUSD(P66, 2, 0, 0x50, Encoding.EVEX), VPDPBUSD_VEX(P66, 2, 0, 0x50, Encoding.VEX),
    VPDPWSSD(P66, 2, 0, 0x52, Encoding.EVEX),
    VPXOR(P66, 1, 0, 0xef, Encoding.VEX), VPXORD(P66, 1, 0, 0xef, Encoding.EVEX),
    VPAND(P66, 1, 0, 0xdb, Encoding.VEX), VPANDD(P66, 1, 0, 0xdb, Encoding.EVEX),
    VPOR(P66, 1, 0, 0xeb, Encoding.VEX), VPANDN(P66, 1, 0, 0xdf, Encoding.VEX),
    VPTERNLOGD(P66, 3, 0, 0x25, Encoding.EVEX),
    VPSHUFB(P66, 2, 0, 0x00), VPSADBW(P66, 1, 0, 0xf6), VPOPCNTQ(P66, 2, 0, 0x55, FULL, 1, Encoding.EVEX),
    VPOPCNTD(P66, 2, 0, 0x55, Encoding.EVEX), VPSRLW(P66, 1, 0, 0x71),
    VPCMPGTD(P66, 1, 0, 0x66, Encoding.VEX), VPCMPD(P66, 3, 0, 0x1f, Encoding.EVEX),
    VPMINUB(P66, 1, 0, 0xda, Encoding.VEX), VPCMPEQB(P66, 1, 0, 0x74, Encoding.VEX), VPMOVMSKB(P66, 1, 0, 0xd7, Encoding.VEX),

    // ---- packing, widening and crossing lanes ----
    VPACKSSDW(P66, 1, 0, 0x6b), VPACKUSDW(P66, 2, 0, 0x2b), VPACKUSWB(P66, 1, 0, 0x67),
    VPMOVDB_STORE(PF3, 2, 0, 0x31, QUARTER, 0, Encoding.EVEX), VPMOVUSDB_STORE(PF3, 2, 0, 0x11, QUARTER, 0, Encoding.EVEX),
    VPMOVZXBD(P66, 2, 0, 0x31, QUARTER), VPMOVSXBD(P66, 2, 0, 0x21, QUARTER), VPMOVSXBW(P66, 2, 0, 0x20, HALF),
    VPMOVZXBW(P66, 2, 0, 0x30, HALF), VPMOVZXBQ(P66, 2, 0, 0x32, EIGHTH), VPEXTRB_STORE(P66, 3, 0, 0x14, Encoding.VEX),
    VPERMD(P66, 2, 0, 0x36), VPERMQ(P66, 3, 1, 0x00, FULL, 1),
    VEXTRACTI128(P66, 3, 0, 0x39, Encoding.VEX), VINSERTI128(P66, 3, 0, 0x38, Encoding.VEX),
    VEXTRACTI32X4(P66, 3, 0, 0x39, FIXED_16, 0, Encoding.EVEX), VEXTRACTI64X4(P66, 3, 1, 0x3b, FIXED_32, 1, Encoding.EVEX),
    VPUNPCKLDQ(P66, 1, 0, 0x62), VPUNPCKHDQ(P66, 1, 0, 0x6a), VPUNPCKLQDQ(P66, 1, 0, 0x6c, FULL, 1),
    VPUNPCKHQDQ(P66, 1, 0, 0x6d, FULL, 1);

    /** The mandatory prefix that the two pp bits stand for. */
    enum Prefix { PNONE, P66, PF3, PF2 }

    /** The prefixes that the instruction has. */
    enum Encoding { BOTH, VEX, EVEX }

    /** How many bytes a memory operand has: EVEX counts 8-bit displacements in them. */
    enum Tuple {
        FULL, HALF, QUARTER, EIGHTH, SCALAR_1, SCALAR_2, SCALAR_4, SCALAR_8, FIXED_16, FIXED_32;

        int bytes(int vectorBits) {
            return switch (this) {
                case FULL -> vectorBits / 8;
                case HALF -> vectorBits / 16;
                case QUARTER -> vectorBits / 32;
                case EIGHTH -> vectorBits / 64;
                case SCALAR_1 -> 1;
                case SCALAR_2 -> 2;
                case SCALAR_4 -> 4;
                case SCALAR_8 -> 8;
                case FIXED_16 -> 16;
                case FIXED_32 -> 32;
            };
        }
    }

    final Prefix prefix;
    final int map;
    final int vexW;
    final int opcode;
    final Tuple tuple;
    final int evexW;
    final Encoding encoding;

    Op(Prefix prefix, int map, int w, int opcode) {
        this(prefix, map, w, opcode, FULL, w, Encoding.BOTH);
    }

    Op(Prefix prefix, int map, int w, int opcode, Encoding encoding) {
        this(prefix, map, w, opcode, FULL, w, encoding);
    }

    Op(Prefix prefix, int map, int w, int opcode, Tuple tuple) {
        this(prefix, map, w, opcode, tuple, w, Encoding.BOTH);
    }

    Op(Prefix prefix, int map, int w, int opcode, Tuple tuple, int evexW) {
        this(prefix, map, w, opcode, tuple, evexW, Encoding.BOTH);
    }

    Op(Prefix prefix, int map, int vexW, int opcode, Tuple tuple, int evexW, Encoding encoding) {
        this.prefix = prefix;
        this.map = map;
        this.vexW = vexW;
        this.opcode = opcode;
        this.tuple = tuple;
        this.evexW = evexW;
        this.encoding = encoding;
    }
}
