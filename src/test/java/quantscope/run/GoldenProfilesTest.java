package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.kernel.Kernels;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.Profile;

/** Every int8 operator bit for bit against the backend that each profile stands for. */
@Tag("golden")
class GoldenProfilesTest {

    private static List<Profile> profiles() {
        return Stream.of(Profile.values()).filter(p -> p != Profile.FBGEMM).toList();
    }

    static Stream<Arguments> cases() {
        List<Kernels> roads = List.of(new ScalarKernels(), KernelProvider.choose());
        return profiles().stream().flatMap(p -> GoldenCases.all("profiles/" + p.id()).stream()
                .flatMap(c -> roads.stream().map(road -> Arguments.of(p, c, road.description(), road))));
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @MethodSource("cases")
    void equalsTheBackend(Profile profile, GoldenCases.Case c, String road, Kernels kernels) {
        Value actual = OneOp.run(kernels, c.op(), c.inputs(), c.channelsLast(), profile);
        assertEquals(c.expected().shape(), actual.shape());
        assertArrayEquals(levels(c.expected()), levels(actual), c.name());
    }

    /** Else the vectors could not tell a profile from fbgemm. */
    @Test
    void theVectorsTellTheProfilesApart() {
        for (Profile profile : profiles()) {
            List<GoldenCases.Case> cases = GoldenCases.all("profiles/" + profile.id());
            assertTrue(cases.size() > 100, profile.id());
            // On these few vectors oneDNN rounds as fbgemm does.
            assertEquals(profile == Profile.ONEDNN, cases.stream().allMatch(c -> Arrays.equals(levels(c.expected()),
                    levels(OneOp.run(new ScalarKernels(), c.op(), c.inputs(), c.channelsLast())))), profile.id());
            assertFalse(cases.isEmpty());
        }
    }

    private static byte[] levels(Value value) {
        return ((Value.Int8) value).tensor().levels();
    }
}
