package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * How one step multiplies: a step takes four bytes of the depth of each pixel, in all lanes, and a vector of weights.
 */
enum Way {

    /** vpdpbusd on 512 bits: four u8 x s8 products added to an int32, exact for all values. */
    DOT_512(512, 1, 4, 0, 2) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VPDPBUSD, sum, pixel, weight);
        }
    },

    /** AVX-VNNI: vpdpbusd on 256 bits. */
    DOT_256(256, 1, 4, 0, 1) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VPDPBUSD_VEX, sum, pixel, weight);
        }
    },

    /** Two vpmaddubsw, u8 x s8, added in 16 bits before one vpmaddwd; {@link SaturatingSteps}. */
    DOUBLED_256(256, 1, 4, 2, 2),

    /** vpmaddubsw and vpmaddwd; {@link SaturatingSteps}. */
    PAIRS_256(256, 1, 4, 1, 1),

    /** vpdpwssd on 512 bits: two s16 products added to an int32. */
    WORDS_512(512, 2, 2, 0, 2) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VPDPWSSD, sum, pixel, weight);
        }
    },

    /** vpmaddwd on 256 bits: two s16 products added, then added to an int32; 2 * 255 * 255 fits, exact for all values. */
    WORDS_256(256, 2, 2, 1, 1) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VPMADDWD, product, pixel, weight);
            a.emit(Op.VPADDD, sum, sum, product);
        }
    },

    /** vfmadd231ps on 512 bits. */
    FLOAT_512(512, 4, 1, 0, 2) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VFMADD231PS, sum, pixel, weight);
        }
    },

    /** vfmadd231ps on 256 bits. */
    FLOAT_256(256, 4, 1, 0, 1) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VFMADD231PS, sum, pixel, weight);
        }
    },

    /** 32 signs a lane: the bits that differ where the mask has a sign at all are counted by vpopcntd. */
    BITS_512(512, 4, 32, 1, 2) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
            a.emit(Op.VMOVUPS, product, weight);
            a.emit(Op.VPTERNLOGD, product, pixel, mask, XOR_AND);
            a.emit(Op.VPOPCNTD, product, product);
            a.emit(Op.VPADDD, sum, sum, product);
        }
    },

    /** 32 signs a lane, counted by halves of bytes; {@link CountingSteps}. */
    BITS_256(256, 4, 32, 2, 2),

    /** Each channel by itself, in fp32; {@link ChannelSteps}, as are the next three. */
    CHANNELS_FLOAT_512(512, 4, 1, 0, 2),
    CHANNELS_FLOAT_256(256, 4, 1, 0, 2),

    /** Each channel by itself: levels widened to int32, vpdpwssd by 16-bit weights. */
    CHANNELS_512(512, 1, 1, 0, 2),

    /** Each channel by itself: levels widened to int32, vpmaddwd by 16-bit weights. */
    CHANNELS_256(256, 1, 1, 0, 2);

    /** Truth table of (a ^ b) & c: bit 4a + 2b + c. */
    private static final int XOR_AND = 0b0010_1000;

    private final int bits;
    private final int valueBytes;
    private final int valuesPerStep;
    private final int products;
    private final int pixelRegisters;

    Way(int bits, int valueBytes, int valuesPerStep, int products, int pixelRegisters) {
        this.bits = bits;
        this.valueBytes = valueBytes;
        this.valuesPerStep = valuesPerStep;
        this.products = products;
        this.pixelRegisters = pixelRegisters;
    }

    /**
     * Adds the products of a step, where a step is no more than that.
     *
     * @param mask    of the pixel, where the way {@link #masked has one}
     * @param product to work with, where {@link #products} is 1
     */
    void multiply(Assembler a, Vec sum, Vec pixel, Vec mask, Vec weight, Vec product) {
        throw new IllegalStateException(this + " has steps of its own");
    }

    /** Whether a CPU has the instructions. */
    boolean runsOn(Cpu cpu) {
        return switch (this) {
            case DOT_512, WORDS_512, CHANNELS_512 -> cpu.has(Cpu.Feature.AVX512_VNNI);
            case DOT_256 -> cpu.has(Cpu.Feature.AVX_VNNI);
            case DOUBLED_256, PAIRS_256, WORDS_256, BITS_256, CHANNELS_256 -> cpu.has(Cpu.Feature.AVX2);
            case FLOAT_512, CHANNELS_FLOAT_512 -> cpu.has(Cpu.Feature.AVX512);
            case FLOAT_256, CHANNELS_FLOAT_256 -> cpu.has(Cpu.Feature.AVX2) && cpu.has(Cpu.Feature.FMA);
            case BITS_512 -> cpu.has(Cpu.Feature.AVX512_VPOPCNTDQ);
        };
    }

    /** Whether a pixel comes with a mask of the values that count. */
    boolean masked() {
        return this == BITS_512 || this == BITS_256;
    }

    /** Whether sums of products pass through 16 bits, so that weights need a {@link Remainder}. */
    boolean saturates() {
        return this == DOUBLED_256 || this == PAIRS_256;
    }

    /** Whether a lane's output channel reads the same input channel alone. */
    boolean byChannel() {
        return switch (this) {
            case CHANNELS_FLOAT_512, CHANNELS_FLOAT_256, CHANNELS_512, CHANNELS_256 -> true;
            case DOT_512, DOT_256, DOUBLED_256, PAIRS_256, WORDS_512, WORDS_256, FLOAT_512, FLOAT_256, BITS_512, BITS_256 -> false;
        };
    }

    /** Whether a tile may be one of several blocks; other ways have steps of their own, which do not know them. */
    boolean takesBlocks() {
        return !byChannel() && !saturates() && this != BITS_256;
    }

    /** Whether int8 weights are 16-bit words. */
    boolean wordWeights() {
        return this == WORDS_512 || this == WORDS_256 || this == CHANNELS_512 || this == CHANNELS_256;
    }

    /** The instruction that multiplies, and the vectors' bits. */
    String label() {
        return switch (this) {
            case DOT_512 -> "vpdpbusd 512";
            case DOT_256 -> "vpdpbusd 256";
            case DOUBLED_256 -> "vpmaddubsw x 2";
            case PAIRS_256 -> "vpmaddubsw";
            case WORDS_512 -> "vpdpwssd 512";
            case WORDS_256 -> "vpmaddwd";
            case FLOAT_512 -> "FMA 512";
            case FLOAT_256 -> "FMA 256";
            case BITS_512 -> "vpopcntd 512";
            case BITS_256 -> "vpshufb counts";
            case CHANNELS_FLOAT_512 -> "FMA 512 by channel";
            case CHANNELS_FLOAT_256 -> "FMA 256 by channel";
            case CHANNELS_512 -> "vpdpwssd by channel";
            case CHANNELS_256 -> "vpmaddwd by channel";
        };
    }

    int bits() {
        return bits;
    }

    /** Output channels of a vector. */
    int lanes() {
        return bits / 32;
    }

    /** Bytes of one value of the image, or of 32 signs. */
    int valueBytes() {
        return valueBytes;
    }

    /** Values of the depth that a step takes. */
    int valuesPerStep() {
        return valuesPerStep;
    }

    int registers() {
        return bits == 512 ? 32 : 16;
    }

    /** Registers for products on their way. */
    int products() {
        return products;
    }

    /** Registers for pixels: two, where there are enough, take turns so that a load need not wait, or hold a mask. */
    int pixelRegisters() {
        return pixelRegisters;
    }

    /** Pixels that fit beside this many vectors of channels. */
    int pixels(int vectors) {
        if (saturates()) {
            return SaturatingSteps.pixels(this == DOUBLED_256, vectors);
        }
        if (this == BITS_256) {
            return CountingSteps.pixels(vectors);
        }
        // Levels are made of the sums with the others' registers.
        int others = Math.max(vectors + pixelRegisters + products, valueBytes < 4 ? LevelEnding.REGISTERS : 0);
        return (registers() - others) / vectors;
    }

    /** Vectors of channels that fit beside this many pixels. */
    int vectors(int pixels) {
        return (registers() - pixelRegisters - products) / (pixels + 1);
    }
}
