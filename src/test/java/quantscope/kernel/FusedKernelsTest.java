package quantscope.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.scalar.ScalarKernels;

/** Fused kernels against one kernel after the other, over random geometries and at the values where signs change. */
class FusedKernelsTest {

    private static final int CASES = 600;

    private final ScalarKernels plain = new ScalarKernels();

    static Stream<Arguments> roads() {
        return EmittedRoads.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void whatStandsBehindAnFp32LayerIsTheSame(String road, Kernels kernels) {
        assertSame(kernels, FusedCase::fp32, road.contains("FLOAT"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void whatStandsAroundABinaryLayerIsTheSame(String road, Kernels kernels) {
        assertSame(kernels, FusedCase::binary, road.contains("BITS"));
    }

    private void assertSame(Kernels kernels, IntFunction<FusedCase> cases, boolean fuses) {
        int fused = 0;
        for (int seed = 0; seed < CASES; seed++) {
            FusedCase layer = cases.apply(seed);
            Optional<Kernel> kernel = layer.fused(kernels);
            if (kernel.isPresent()) {
                fused++;
                assertEquals(Optional.empty(), layer.difference(plain, kernels, kernel.get()), "seed " + seed + ", "
                        + layer.shape());
            }
        }
        assertTrue(fuses ? fused > CASES / 5 : fused == 0, fused + " of " + CASES + " are fused");
    }

    @Test
    void whatMayMakeANumberNaNIsNoChain() {
        for (KernelSpec refused : new KernelSpec[] {norm(0, 1), norm(Float.POSITIVE_INFINITY, 1), norm(1, Float.NaN),
            unary(UnaryFunction.LEAKY_RELU, 0), unary(UnaryFunction.LEAKY_RELU, -0.1f), unary(UnaryFunction.CLIP, Float.NaN),
            unary(UnaryFunction.SIGMOID, 0), new KernelSpec.BatchNorm(1, 1, 2, new float[] {1}, new float[1])}) {
            assertEquals(Optional.empty(), MonotoneChain.of(List.of(refused), 1), refused.toString());
        }
    }

    private static KernelSpec norm(float factor, float offset) {
        return new KernelSpec.BatchNorm(1, 1, 1, new float[] {factor}, new float[] {offset});
    }

    private static KernelSpec unary(UnaryFunction function, float a) {
        return new KernelSpec.Unary(1, function, a, 1);
    }
}
