package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * How one step multiplies: a step takes four bytes of the depth of each pixel, in all lanes, and a vector of weights.
 */
enum Int8Way {

    /** vpdpbusd on 512 bits: four u8 x s8 products added to an int32, exact for all values. */
    DOT_512(512, 1, 32, 0) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec weight, Vec product) {
            a.emit(Op.VPDPBUSD, sum, pixel, weight);
        }
    },

    /** vpmaddwd on 256 bits: two s16 products added, then added to an int32; 2 * 255 * 255 fits, exact for all values. */
    WORDS_256(256, 2, 16, 1) {
        @Override
        void multiply(Assembler a, Vec sum, Vec pixel, Vec weight, Vec product) {
            a.emit(Op.VPMADDWD, product, pixel, weight);
            a.emit(Op.VPADDD, sum, sum, product);
        }
    };

    private final int bits;
    private final int valueBytes;
    private final int registers;
    private final int products;

    Int8Way(int bits, int valueBytes, int registers, int products) {
        this.bits = bits;
        this.valueBytes = valueBytes;
        this.registers = registers;
        this.products = products;
    }

    /** Adds the products of a step; {@code product} is there where {@link #products} is 1. */
    abstract void multiply(Assembler a, Vec sum, Vec pixel, Vec weight, Vec product);

    /** For the status bar and reports. */
    String description() {
        return switch (this) {
            case DOT_512 -> "AVX-512 VNNI";
            case WORDS_256 -> "AVX2";
        };
    }

    /** Whether a CPU has the instructions. */
    boolean runsOn(Cpu cpu) {
        return switch (this) {
            case DOT_512 -> cpu.has(Cpu.Feature.AVX512_VNNI);
            case WORDS_256 -> cpu.has(Cpu.Feature.AVX2);
        };
    }

    int bits() {
        return bits;
    }

    /** Output channels of a vector. */
    int lanes() {
        return bits / 32;
    }

    /** Bytes that a weight and a value of the image take. */
    int valueBytes() {
        return valueBytes;
    }

    /** Values of the depth that a step takes. */
    int valuesPerStep() {
        return 4 / valueBytes;
    }

    int registers() {
        return registers;
    }

    /** Registers for products on their way. */
    int products() {
        return products;
    }

    /** Pixels that fit beside this many vectors of channels. */
    int pixels(int vectors) {
        int pixelRegisters = registers == 32 ? 2 : 1;
        return (registers - vectors - pixelRegisters - products) / vectors;
    }
}
