package quantscope.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import quantscope.graph.Cost;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.tensor.FloatTensor;

/**
 * This engine and its peers on whole networks and their layers, in turn, in one process. Every contender gets fp32 planes
 * and gives fp32 answers; what it converts on the way counts. Binary networks have no peer but our own fp32 AlexNet.
 * Several threads are measured right behind other runs of the same contender, since CPUs fall asleep, so its caches are
 * warm; a single one in turn with the others, whose values are in the caches then. Arguments restrict it: a network's name, with
 * - for a space, "batch=1", "threads=1". Ends with 1 where a peer computes something else.
 */
public final class Bench {

    private static final String OURS = "quantscope";
    private static final int LAYER_ROUNDS = 9;
    /** Until the threads of whoever ran before have stopped spinning. */
    private static final long PAUSE_NANOS = 50_000_000;
    /** Until a CPU that slept is there again: on a virtual machine that takes some milliseconds. */
    private static final long AWAKE_NANOS = 20_000_000;
    /** Until Java's compiler has seen everything often enough. */
    private static final long WARM_NANOS = 500_000_000;

    private final Kernels kernels = KernelProvider.choose();
    private final Report report = new Report(kernels);
    private final Graph alexNet = Networks.alexNet();
    private final List<String> wanted;

    private Bench(List<String> wanted) {
        this.wanted = wanted;
    }

    public static void main(String[] args) throws IOException {
        new Bench(List.of(args)).run();
    }

    private void run() throws IOException {
        GraphEngine engine = new GraphEngine(kernels);
        ParallelImageRunner runner = ParallelImageRunner.onAllCores();
        network(alexNet, "fp32", alexNet);
        network(alexNet, "int8 reduced", Networks.int8(alexNet, true, engine, runner));
        network(alexNet, "int8 full range", Networks.int8(alexNet, false, engine, runner));
        Graph binary = Networks.binaryAlexNet();
        network(binary, "int8 and binary", Networks.firstInt8(binary, engine, runner));
        Graph resNet = Networks.resNet18();
        network(resNet, "fp32", resNet);
        network(resNet, "int8 reduced", Networks.int8(resNet, true, engine, runner));
        report.write();
        if (report.disagreements() > 0) {
            System.out.println(report.disagreements() + " disagreements with peers");
            System.exit(1);
        }
    }

    private void network(Graph source, String precision, Graph graph) {
        if (wanted.stream().anyMatch(w -> !w.contains("=")) && !wanted.contains(source.name().replace(' ', '-'))) {
            return;
        }
        for (int batch : new int[] {1, 32}) {
            for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
                if (named("batch", batch) && named("threads", threads)) {
                    measure(source, precision, graph, batch, threads);
                }
            }
        }
    }

    private boolean named(String key, int value) {
        return wanted.stream().noneMatch(w -> w.startsWith(key + "=")) || wanted.contains(key + "=" + value);
    }

    private void measure(Graph source, String precision, Graph graph, int batch, int threads) {
        List<FloatTensor> images = Networks.images(batch);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Ours(OURS, graph, kernels, batch, threads));
        if (precision.contains("binary")) {
            contenders.add(new Ours(OURS + " fp32", alexNet, kernels, batch, threads));
        } else {
            contenders.add(new OnnxRuntime(graph, threads));
            if (precision.equals("fp32")) {
                contenders.add(LibTorch.fp32(graph, images, threads));
            } else {
                contenders.add(LibTorch.fbgemm(graph, batch, threads));
                contenders.add(LibTorch.oneDnn(graph, batch, threads));
            }
        }
        double macs = source.layers().stream().mapToLong(n -> Cost.of(n).macs()).sum();
        report.add(new Report.Subject(source.name(), "whole", precision, batch, threads, macs,
                        Peak.Arithmetic.of(precision, Optional.empty())),
                rounds(contenders, images, batch == 1 ? 31 : 7, threads > 1),
                precision.contains("binary") ? Map.of() : agreement(contenders, images));
        // Several threads share the images of a batch: then layers have no time of their own.
        if (threads == 1 || batch == 1) {
            List<LayerContender> all = new ArrayList<>(contenders);
            if (precision.equals("fp32") && threads == 1) {
                all.add(new Nd4jConvolutions(graph, batch));
            }
            layers(source, precision, batch, threads, all, images);
        }
        contenders.forEach(LayerContender::close);
    }

    /** Several threads are measured awake, behind other runs; a single one leaves nobody behind. */
    private static Map<String, double[]> rounds(List<Contender> contenders, List<FloatTensor> images, int rounds,
                                                boolean severalThreads) {
        Map<String, double[]> millis = new LinkedHashMap<>();
        contenders.forEach(contender -> keepRunning(WARM_NANOS, () -> contender.run(images)));
        for (int round = -rounds / 2; round < rounds; round++) {
            for (Contender contender : contenders) {
                if (severalThreads) {
                    awaken(contender, images);
                }
                long start = System.nanoTime();
                contender.run(images);
                double taken = (System.nanoTime() - start) * 1e-6 / images.size();
                if (round >= 0) {
                    millis.computeIfAbsent(contender.name(), _ -> new double[rounds])[round] = taken;
                }
            }
        }
        return millis;
    }

    private static void awaken(Contender contender, List<FloatTensor> images) {
        LockSupport.parkNanos(PAUSE_NANOS);
        keepRunning(AWAKE_NANOS, () -> contender.run(images));
    }

    private static void keepRunning(long nanos, Runnable run) {
        long start = System.nanoTime();
        do {
            run.run();
        } while (System.nanoTime() - start < nanos);
    }

    /** Layers are timed where they stand, in the network, so that what they read lies where it would. */
    private void layers(Graph source, String precision, int batch, int threads, List<LayerContender> contenders,
                        List<FloatTensor> images) {
        Map<String, Map<String, double[]>> millis = new LinkedHashMap<>();
        contenders.forEach(contender -> keepRunning(WARM_NANOS, () -> contender.layerMillis(images)));
        for (int round = 0; round < LAYER_ROUNDS; round++) {
            for (LayerContender contender : contenders) {
                if (threads > 1 && contender instanceof Contender whole) {
                    awaken(whole, images);
                }
                for (var time : contender.layerMillis(images).entrySet()) {
                    millis.computeIfAbsent(time.getKey(), _ -> new LinkedHashMap<>())
                            .computeIfAbsent(contender.name(), _ -> new double[LAYER_ROUNDS])[round]
                            = time.getValue() / images.size();
                }
            }
        }
        for (var node : source.layers()) {
            double macs = Cost.of(node).macs();
            if (macs > 0) {
                report.add(new Report.Subject(source.name(), node.name(), precision, batch, threads, macs,
                                Peak.Arithmetic.of(precision, Optional.of(node.op()))), millis.get(node.name()), Map.of());
            }
        }
    }

    private static Map<String, Agreement> agreement(List<Contender> contenders, List<FloatTensor> images) {
        float[] ours = contenders.getFirst().run(images);
        Map<String, Agreement> agreement = new LinkedHashMap<>();
        for (Contender peer : contenders.subList(1, contenders.size())) {
            agreement.put(peer.name(), Agreement.of(ours, peer.run(images), images.size()));
        }
        return agreement;
    }
}
