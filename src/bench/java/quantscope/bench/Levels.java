package quantscope.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import quantscope.graph.Graph;
import quantscope.quant.Profile;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.Tap;
import quantscope.run.Value;
import quantscope.tensor.FloatTensor;

/**
 * Every profile's levels against those of the backend it stands for, in one process: random layers, then the sample models.
 * Arguments: how many layers (200), the first seed (1), the folder of sample models. Exits with status 1 where a bound is
 * broken: no difference, and one level for oneDNN, which promises no more.
 *
 * <p>What computes without VNNI runs in a process of its own. fbgemm is told by its own environment variable to use AVX2
 * only. ONNX Runtime asks the CPU and cannot be told: its process runs on an emulated CPU where there is a
 * {@code qemu-x86_64} (Debian's qemu-user), with fewer layers and images, as that is slow.
 */
public final class Levels {

    private static final String WITHOUT_VNNI = "quantscope.levels.without-vnni";
    private static final String EMULATOR = "qemu-x86_64";
    /** Without what the emulator would only warn of. */
    private static final String EMULATED = "Haswell,-pcid,-x2apic,-tsc-deadline,-hle,-invpcid,-rtm";
    private static final int NAMED = 5;

    private final int layers;
    private final int seed;
    private final GraphEngine engine = new GraphEngine(KernelProvider.choose());
    private final SampleLevels samples;
    private boolean broken;

    private Levels(int layers, int seed, Path folder, boolean emulated) {
        this.layers = emulated ? Math.min(layers, 100) : layers;
        this.seed = seed;
        this.samples = new SampleLevels(folder, engine, emulated ? 2 : 16, emulated ? 1 : 8);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        String withoutVnni = System.getProperty(WITHOUT_VNNI, "");
        Levels levels = new Levels(args.length > 0 ? Integer.parseInt(args[0]) : 200,
                args.length > 1 ? Integer.parseInt(args[1]) : 1, Path.of(args.length > 2 ? args[2] : "sample-models"),
                withoutVnni.equals("onnxruntime"));
        switch (withoutVnni) {
            case "fbgemm" -> levels.run(Profile.FBGEMM_AVX2, new TorchLevels(torch.QEngine.FBGEMM));
            case "onnxruntime" -> levels.run(Profile.ONNXRUNTIME_AVX2, new OnnxLevels());
            default -> levels.all(args);
        }
        System.exit(levels.broken ? 1 : 0);
    }

    private void all(String[] args) throws IOException, InterruptedException {
        System.out.printf("%-16s %-24s %-14s %7s %10s %9s %7s%n", "profile", "peer", "what", "layers", "outputs", "differing",
                "largest");
        run(Profile.FBGEMM, new TorchLevels(torch.QEngine.FBGEMM));
        withoutVnni("fbgemm", List.of(), args);
        run(Profile.QNNPACK, new TorchLevels(torch.QEngine.QNNPACK));
        run(Profile.ONEDNN, new TorchLevels(torch.QEngine.ONEDNN));
        run(Profile.ONNXRUNTIME, new OnnxLevels());
        if (onPath(EMULATOR)) {
            withoutVnni("onnxruntime", List.of(EMULATOR, "-cpu", EMULATED), args);
        } else {
            System.out.println("onnxruntime-avx2: not compared. ONNX Runtime asks the CPU whether it has VNNI; an emulated one "
                    + "needs " + EMULATOR + " (Debian's qemu-user)");
        }
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private void withoutVnni(String backend, List<String> before, String[] args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-D" + WITHOUT_VNNI + "=" + backend, "-cp", System.getProperty("java.class.path"),
                Levels.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment().put("FBGEMM_ENABLE_INSTRUCTIONS", "AVX2");
        process.environment().put("ATEN_CPU_CAPABILITY", "avx2");
        System.out.flush();
        broken |= process.start().waitFor() != 0;
    }

    private void run(Profile profile, LevelPeer peer) throws IOException {
        LevelTally random = LevelTally.NOTHING;
        LevelTally saturated = LevelTally.NOTHING;
        List<String> others = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            RandomLayer layer = RandomLayer.of(profile, seed + i);
            Map<String, byte[]> ours = levels(layer.graph(), layer.image());
            LevelTally found = sum(peer.compare(layer.graph(), layer.image(), ours));
            random = random.plus(found);
            saturated = saturated.plus(saturation(profile, i, ours));
            if (found.differing() > 0) {
                others.add("  seed " + (seed + i) + ": " + layer.words() + ": " + found.differing() + " of " + found.outputs()
                        + ", by up to " + found.largest());
            }
        }
        say(profile, peer, "random layers", random, others);
        if (profile.saturates()) {
            // Else the peer may have been right without saturating at all.
            System.out.println("  saturation moves " + saturated.differing() + " of these levels, in " + saturated.layers()
                    + " layers, by up to " + saturated.largest());
            broken |= saturated.differing() == 0;
        }
        for (String name : SampleLevels.MODELS) {
            SampleLevels.Sample sample = samples.sample(name, profile);
            LevelTally all = LevelTally.NOTHING;
            List<String> differing = new ArrayList<>();
            for (FloatTensor image : sample.images()) {
                for (var layer : peer.compare(sample.graph(), image, levels(sample.graph(), image)).entrySet()) {
                    all = all.plus(layer.getValue());
                    if (layer.getValue().differing() > 0) {
                        differing.add("  " + layer.getKey() + ": " + layer.getValue().differing() + " of "
                                + layer.getValue().outputs() + ", by up to " + layer.getValue().largest());
                    }
                }
            }
            say(profile, peer, name, all, differing);
        }
    }

    private void say(Profile profile, LevelPeer peer, String what, LevelTally found, List<String> others) {
        int most = profile == Profile.ONEDNN ? 1 : 0;
        boolean within = found.largest() <= most;
        broken |= !within;
        System.out.printf("%-16s %-24s %-14s %7d %10d %9d %7d%s%n", profile.id(), peer.name(), what, found.compared(),
                found.outputs(), found.differing(), found.largest(), within ? "" : "  BROKEN, at most " + most);
        others.stream().limit(NAMED).forEach(System.out::println);
    }

    /** What a layer's levels would be without saturation, against what they are. */
    private LevelTally saturation(Profile profile, int layer, Map<String, byte[]> ours) {
        if (!profile.saturates()) {
            return LevelTally.NOTHING;
        }
        RandomLayer exact = RandomLayer.of(profile.withVnni(), seed + layer);
        Map<String, LevelTally> moved = new HashMap<>();
        levels(exact.graph(), exact.image()).forEach((node, levels) -> moved.put(node, LevelTally.of(ours.get(node), levels)));
        return sum(moved);
    }

    private static LevelTally sum(Map<String, LevelTally> tallies) {
        return tallies.values().stream().reduce(LevelTally.NOTHING, LevelTally::plus);
    }

    /** This engine's, by layer. */
    private Map<String, byte[]> levels(Graph graph, FloatTensor image) {
        Map<String, byte[]> ours = new HashMap<>();
        engine.compile(graph).newWorker(1).run(image, new Tap() {
            @Override
            public boolean wants(String node) {
                return true;
            }

            @Override
            public void take(String node, Value value) {
                if (value instanceof Value.Int8 levels) {
                    ours.put(node, levels.tensor().levels());
                }
            }
        });
        return ours;
    }
}
