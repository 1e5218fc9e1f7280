package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.scalar.ScalarKernels;

/** Emitted int8 convolutions against the scalar reference, level by level. */
class Int8TileConvTest {

    private static CodeMemory code;
    private static Cpu cpu;

    @BeforeAll
    static void needsThisCpu() {
        Assumptions.assumeTrue(Cpu.x64(), "emitted kernels are x86-64");
        code = CodeMemory.ofThisSystem();
        cpu = Cpu.detect(code, Abi.ofThisSystem());
    }

    @ParameterizedTest
    @EnumSource
    void randomConvolutionsEqualTheReference(Int8Way way) {
        Assumptions.assumeTrue(way.runsOn(cpu), way + " does not run on this CPU");
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            compare(way, shape(random), random, i % 3 == 0);
        }
    }

    static ConvShape shape(Random random) {
        int groups = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
        int in = groups * (1 + random.nextInt(20));
        int out = groups * (1 + random.nextInt(40));
        int kernelH = 1 + random.nextInt(5);
        int kernelW = 1 + random.nextInt(5);
        int dilationH = 1 + random.nextInt(2);
        int dilationW = 1 + random.nextInt(2);
        int strideH = 1 + random.nextInt(3);
        int strideW = 1 + random.nextInt(3);
        int padTop = random.nextInt(3);
        int padLeft = random.nextInt(3);
        int height = Math.max(1, (kernelH - 1) * dilationH + 1 - 2 * padTop) + random.nextInt(12);
        int width = Math.max(1, (kernelW - 1) * dilationW + 1 - 2 * padLeft) + random.nextInt(40);
        int outHeight = (height + 2 * padTop - (kernelH - 1) * dilationH - 1) / strideH + 1;
        int outWidth = (width + 2 * padLeft - (kernelW - 1) * dilationW - 1) / strideW + 1;
        return new ConvShape(in, height, width, out, outHeight, outWidth, kernelH, kernelW, strideH, strideW, padTop,
                padLeft, dilationH, dilationW, groups);
    }

    private static void compare(Int8Way way, ConvShape shape, Random random, boolean extreme) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) (extreme ? random.nextBoolean() ? 127 : -128 : random.nextInt(256) - 128);
        }
        float[] bias = new float[shape.outChannels()];
        float[] multiplier = new float[shape.outChannels()];
        for (int o = 0; o < bias.length; o++) {
            bias[o] = (float) (random.nextGaussian() * 1000);
            multiplier[o] = (float) (Math.abs(random.nextGaussian()) / Math.sqrt(shape.depth()) / 50);
        }
        int zeroOut = random.nextInt(256);
        Requantize requantize = new Requantize(bias, multiplier, zeroOut, random.nextBoolean() ? zeroOut : 0);
        KernelSpec.Int8Conv spec = new KernelSpec.Int8Conv(shape, random.nextInt(256), weight, requantize);
        byte[] image = new byte[shape.inChannels() * shape.inPlane()];
        random.nextBytes(image);
        if (extreme) {
            for (int i = 0; i < image.length; i++) {
                image[i] = (byte) (image[i] > 0 ? 0 : 255);
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            assertArrayEquals(run(new ScalarKernels().pack(spec), image, shape),
                    run(new Int8TileConv(spec, way, code, Abi.ofThisSystem(), arena), image, shape), shape.toString());
        }
    }

    private static byte[] run(Kernel kernel, byte[] image, ConvShape shape) {
        int out = shape.outChannels() * shape.outPlane();
        Memory memory = Memory.of(0, image.length + out, kernel.scratch());
        System.arraycopy(image, 0, memory.bytes(), 0, image.length);
        kernel.run(memory, new int[] {0}, image.length);
        return java.util.Arrays.copyOfRange(memory.bytes(), image.length, image.length + out);
    }
}
