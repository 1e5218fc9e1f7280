package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;
import quantscope.kernel.scalar.ScalarKernels;

class SelfTestTest {

    private final ScalarKernels plain = new ScalarKernels();

    @Test
    void theReferenceEqualsItself() {
        assertEquals(Optional.empty(), new SelfTest(plain).firstDifference());
        assertEquals(Optional.empty(), SelfTest.winogradDifference(spec -> Optional.of(plain.pack(spec))));
    }

    @Test
    void namesTheLayerWhoseLastLevelIsWrong() {
        Kernels wrong = new Kernels() {
            @Override
            public Kernel pack(KernelSpec spec) {
                return spec instanceof KernelSpec.Int8Conv s ? wrongAtTheEnd(s) : plain.pack(spec);
            }

            @Override
            public String description() {
                return "wrong";
            }
        };
        assertTrue(new SelfTest(wrong).firstDifference().orElseThrow().startsWith("Int8Conv"));
        assertTrue(SelfTest.winogradDifference(spec -> Optional.of(wrongAtTheEnd(spec))).isPresent());
    }

    @Test
    void noticesOneWrongLevelOfWhatIsMadeElementByElement() {
        for (Class<?> wrongly : new Class<?>[] {KernelSpec.Quantize.class, KernelSpec.Int8Add.class}) {
            Kernels wrong = new Kernels() {
                @Override
                public Kernel pack(KernelSpec spec) {
                    return wrongly.isInstance(spec) ? flipped(plain.pack(spec)) : plain.pack(spec);
                }

                @Override
                public String description() {
                    return "wrong";
                }
            };
            assertEquals(Optional.of(wrongly.getSimpleName()), new SelfTest(wrong).firstDifference());
        }
    }

    @Test
    void noticesOneWrongFusedOutputAndOneWrongBit() {
        Map<String, Kernels> roads = EmittedRoads.forced();
        Assumptions.assumeFalse(roads.isEmpty(), "needs AVX2");
        Kernels emitted = roads.values().iterator().next();
        for (boolean bits : new boolean[] {false, true}) {
            Kernels wrong = new Kernels() {
                @Override
                public Kernel pack(KernelSpec spec) {
                    return emitted.pack(spec);
                }

                @Override
                public Optional<Kernel> fuse(Kernel layer, Fused how) {
                    Optional<Kernel> fused = emitted.fuse(layer, how);
                    return how.output() instanceof Fused.Output.Bits == bits ? fused.map(SelfTestTest::flipped) : fused;
                }

                @Override
                public String description() {
                    return "wrong";
                }
            };
            assertEquals(Optional.empty(), FusedSelfTest.firstDifference(emitted));
            assertEquals(bits, FusedSelfTest.firstDifference(wrong).orElseThrow().endsWith("to bits"));
        }
    }

    @Test
    void noticesAWrongFusedLinearLayer() {
        Map<String, Kernels> roads = EmittedRoads.forced();
        Assumptions.assumeFalse(roads.isEmpty(), "needs AVX2");
        Kernels emitted = roads.values().iterator().next();
        Kernels wrong = new Kernels() {
            private boolean linear;

            @Override
            public Kernel pack(KernelSpec spec) {
                linear = spec instanceof KernelSpec.Conv s && s.shape().outPlane() == 1;
                return emitted.pack(spec);
            }

            @Override
            public Optional<Kernel> fuse(Kernel layer, Fused how) {
                Optional<Kernel> fused = emitted.fuse(layer, how);
                return linear ? fused.map(SelfTestTest::flipped) : fused;
            }

            @Override
            public String description() {
                return "wrong";
            }
        };
        assertTrue(FusedSelfTest.firstDifference(wrong).orElseThrow().contains("inHeight=1, inWidth=1"));
    }

    /** Computes, and then turns the first output that lies behind the inputs. */
    private static Kernel flipped(Kernel kernel) {
        return new Kernel() {
            @Override
            public Scratch scratch() {
                return kernel.scratch();
            }

            @Override
            public void run(Memory memory, int[] inputs, int output) {
                kernel.run(memory, inputs, output);
                memory.bytes()[output] ^= 1;
                memory.floats()[output] += 1;
            }
        };
    }

    private Kernel wrongAtTheEnd(KernelSpec.Int8Conv spec) {
        Kernel kernel = plain.pack(spec);
        return new Kernel() {
            @Override
            public Scratch scratch() {
                return kernel.scratch();
            }

            @Override
            public void run(Memory memory, int[] inputs, int output) {
                kernel.run(memory, inputs, output);
                memory.bytes()[output + spec.shape().outChannels() * spec.shape().outPlane() - 1] ^= 1;
            }
        };
    }
}
