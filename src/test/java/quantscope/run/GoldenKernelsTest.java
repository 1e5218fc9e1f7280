package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Op;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;
import quantscope.tensor.FloatTensor;

/** Every operator against PyTorch 2.13's fbgemm: int8 bit for bit, fp32 within 1e-5. */
@Tag("golden")
class GoldenKernelsTest {

    static Stream<Arguments> cases() {
        List<GoldenCases.Case> cases = GoldenCases.all();
        return Stream.<Kernels>of(new ScalarKernels(), new VectorKernels()).flatMap(kernels -> cases.stream()
                .map(c -> Arguments.of(kernels.description(), c, kernels)));
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("cases")
    void equalsPyTorch(String road, GoldenCases.Case c, Kernels kernels) {
        Value actual = OneOp.run(kernels, c.op(), c.inputs(), c.channelsLast());
        assertEquals(c.expected().shape(), actual.shape());
        switch (c.expected()) {
            case Value.Int8 e -> {
                byte[] got = ((Value.Int8) actual).tensor().levels();
                if (c.name().endsWith("_tail")) {
                    assertWithinOneLevelAtTies(e.tensor().levels(), got);
                } else {
                    assertArrayEquals(e.tensor().levels(), got, c.name());
                }
            }
            case Value.Fp32 e -> assertClose(e.tensor(), ((Value.Fp32) actual).tensor());
        }
        c.sums().ifPresent(sums -> assertSums(sums, c, ((Value.Fp32) actual).tensor()));
    }

    /** Where ATen's scalar tail dequantizes in another way than its vectors, a tie may round to the other level. */
    private static void assertWithinOneLevelAtTies(byte[] expected, byte[] got) {
        for (int i = 0; i < got.length; i++) {
            int difference = Math.abs((expected[i] & 0xff) - (got[i] & 0xff));
            assertTrue(difference <= 1, "element " + i + " differs by " + difference);
        }
    }

    private static void assertClose(FloatTensor expected, FloatTensor got) {
        float largest = 0;
        for (float v : expected.data()) {
            largest = Math.max(largest, Math.abs(v));
        }
        for (int i = 0; i < got.data().length; i++) {
            float e = expected.data()[i];
            assertEquals(e, got.data()[i], 1e-5 * Math.max(Math.abs(e), 0.1 * largest), "element " + i);
        }
    }

    /** The integer sums behind a binary layer, got back from its result, equal PyTorch's. */
    private static void assertSums(FloatTensor sums, GoldenCases.Case c, FloatTensor got) {
        Op.BinaryConv2d op = (Op.BinaryConv2d) c.op();
        int plane = got.data().length / op.alpha().data().length;
        for (int i = 0; i < got.data().length; i++) {
            int o = i / plane;
            float sum = sums.data()[i];
            float expected = sum * op.alpha().data()[o] + op.bias().orElseThrow().data()[o];
            assertEquals(expected, got.data()[i], "element " + i + ", sum " + sum);
        }
    }
}
