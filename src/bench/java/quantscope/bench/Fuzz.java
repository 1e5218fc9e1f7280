package quantscope.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import quantscope.kernel.FusedCase;
import quantscope.kernel.Kernel;
import quantscope.kernel.Kernels;
import quantscope.kernel.LayerCase;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;

/**
 * Random layers on every road against the plain one, as many of each precision as the first argument says (10,000), from
 * the second argument's seed on. Stops at the first difference, with exit status 1.
 */
public final class Fuzz {

    private Fuzz() { }

    public static void main(String[] args) {
        int cases = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int seed = args.length > 1 ? Integer.parseInt(args[1]) : (int) (System.nanoTime() >>> 16 & 0xffffff);
        System.out.println("seed " + seed + ", " + cases + " layers of each precision");
        Kernels plain = new ScalarKernels();
        Map<String, Kernels> roads = new LinkedHashMap<>(EmittedRoads.forced());
        roads.put("vector", new VectorKernels());
        Map<String, IntFunction<LayerCase>> precisions = new LinkedHashMap<>();
        precisions.put("fp32", LayerCase::fp32);
        precisions.put("int8", LayerCase::int8);
        precisions.put("int8, neighbouring taps", LayerCase::int8Neighbours);
        precisions.put("int8, bounded levels", LayerCase::int8Bounded);
        precisions.put("int8, saturating", LayerCase::saturated);
        precisions.put("binary", LayerCase::binary);
        precisions.forEach((precision, layers) -> {
            for (int i = 0; i < cases; i++) {
                LayerCase layer = layers.apply(seed + i);
                for (var road : roads.entrySet()) {
                    Optional<String> difference = layer.difference(plain, road.getValue())
                            .or(() -> layer.rowsDifference(road.getValue()));
                    if (difference.isPresent()) {
                        System.out.println(precision + ", road " + road.getKey() + ", seed " + (seed + i) + ", "
                                + layer.shape() + ": " + difference.get());
                        System.exit(1);
                    }
                }
            }
            System.out.println(precision + ": " + cases + " layers are the same on " + roads.keySet());
        });
        fused("fp32, fused", FusedCase::fp32, cases, seed, plain, roads);
        fused("binary, fused", FusedCase::binary, cases, seed, plain, roads);
    }

    private static void fused(String what, IntFunction<FusedCase> layers, int cases, int seed, Kernels plain,
                              Map<String, Kernels> roads) {
        int fused = 0;
        for (int i = 0; i < cases; i++) {
            FusedCase layer = layers.apply(seed + i);
            for (var road : roads.entrySet()) {
                Optional<Kernel> kernel = layer.fused(road.getValue());
                Optional<String> difference = kernel.flatMap(k -> layer.difference(plain, road.getValue(), k));
                fused += kernel.isPresent() ? 1 : 0;
                if (difference.isPresent()) {
                    System.out.println(what + ", road " + road.getKey() + ", seed " + (seed + i) + ", " + layer.shape()
                            + ": " + difference.get());
                    System.exit(1);
                }
            }
        }
        System.out.println(what + ": " + fused + " kernels give what one after the other gives");
    }
}
