package quantscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import quantscope.graph.Cost;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.tensor.FloatTensor;

/**
 * This engine and its peers on whole networks and their layers, in turn, in one process. Every contender gets fp32 planes
 * and gives fp32 answers; what it converts on the way counts. Arguments restrict it: a network's name, "batch=1",
 * "threads=1".
 */
public final class Bench {

    private final Kernels kernels = KernelProvider.choose();
    private final List<Row> rows = new ArrayList<>();
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
        System.out.println("quantscope's kernels: " + kernels.description());
        System.out.printf("%-18s %-10s %-16s %5s %7s %9s %7s %9s %6s %6s  %s%n", "network", "layer", "precision", "batch",
                "threads", "ms/image", "spread", "GMAC/s", "peak", "ratio", "best peer");
        Graph alexNet = Networks.alexNet();
        network(alexNet, "fp32", alexNet);
        network(alexNet, "int8 reduced", Networks.int8(alexNet, true, engine, runner));
        network(alexNet, "int8 full range", Networks.int8(alexNet, false, engine, runner));
        Graph binary = Networks.binaryAlexNet();
        network(binary, "int8 and binary", Networks.firstInt8(binary, engine, runner));
        Graph resNet = Networks.resNet18();
        network(resNet, "fp32", resNet);
        network(resNet, "int8 reduced", Networks.int8(resNet, true, engine, runner));
        Path file = Files.createDirectories(Path.of("target", "bench")).resolve("bench.json");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), rows);
        System.out.println("written: " + file);
    }

    private void network(Graph source, String precision, Graph graph) {
        if (wanted.stream().anyMatch(w -> !w.contains("=")) && !wanted.contains(source.name())) {
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
        contenders.add(new Ours(graph, kernels, batch, threads));
        if (!precision.contains("binary")) {
            contenders.add(new OnnxRuntime(graph, threads));
        }
        int rounds = batch == 1 ? 31 : 7;
        double[][] millis = rounds(contenders, images, rounds);
        double macs = source.layers().stream().mapToLong(n -> Cost.of(n).macs()).sum();
        row(source.name(), "whole", precision, batch, threads, macs, contenders, i -> millis[i],
                same(contenders, images));
        layers(source, precision, batch, threads, contenders, images);
        contenders.forEach(Contender::close);
    }

    private static double[][] rounds(List<Contender> contenders, List<FloatTensor> images, int rounds) {
        double[][] millis = new double[contenders.size()][rounds];
        for (int round = -rounds / 2; round < rounds; round++) {
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                contenders.get(i).run(images);
                if (round >= 0) {
                    millis[i][round] = (System.nanoTime() - start) * 1e-6 / images.size();
                }
            }
        }
        return millis;
    }

    /** Layers are timed where they stand, in the network, so that what they read lies where it would. */
    private void layers(Graph source, String precision, int batch, int threads, List<Contender> contenders,
                        List<FloatTensor> images) {
        if (threads > 1) {
            return;
        }
        int rounds = 9;
        List<List<Map<String, Double>>> seen = new ArrayList<>();
        contenders.forEach(_ -> seen.add(new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                seen.get(i).add(contenders.get(i).layerMillis(images));
            }
        }
        for (var node : source.layers()) {
            double macs = Cost.of(node).macs();
            if (macs > 0 && seen.stream().allMatch(s -> s.getFirst().containsKey(node.name()))) {
                row(source.name(), node.name(), precision, batch, threads, macs, contenders, i -> seen.get(i).stream()
                        .mapToDouble(m -> m.get(node.name()) / images.size()).toArray(), Double.NaN);
            }
        }
    }

    private static double same(List<Contender> contenders, List<FloatTensor> images) {
        if (contenders.size() < 2) {
            return Double.NaN;
        }
        float[] ours = contenders.get(0).run(images);
        float[] theirs = contenders.get(1).run(images);
        int each = ours.length / images.size();
        int same = 0;
        for (int i = 0; i < images.size(); i++) {
            same += top(ours, i * each, each) == top(theirs, i * each, each) ? 1 : 0;
        }
        return (double) same / images.size();
    }

    private static int top(float[] answers, int from, int n) {
        int top = 0;
        for (int i = 1; i < n; i++) {
            top = answers[from + i] > answers[from + top] ? i : top;
        }
        return top;
    }

    private void row(String network, String layer, String precision, int batch, int threads, double macs,
                     List<Contender> contenders, IntFunction<double[]> millis, double same) {
        double[] ours = millis.apply(0);
        Arrays.sort(ours);
        double median = ours[ours.length / 2];
        Map<String, Double> peers = new LinkedHashMap<>();
        String best = "";
        for (int i = 1; i < contenders.size(); i++) {
            double[] theirs = millis.apply(i);
            Arrays.sort(theirs);
            String name = contenders.get(i).name();
            peers.put(name, theirs[theirs.length / 2]);
            best = best.isEmpty() || peers.get(name) < peers.get(best) ? name : best;
        }
        double speed = macs / median / 1e6;
        double ratio = best.isEmpty() ? 0 : peers.get(best) / median;
        Row row = new Row(network, layer, precision, batch, threads, median, (ours[ours.length - 1] - ours[0]) / median,
                speed, speed / (Peak.of(kernels, precision) * threads), peers, best, ratio, same);
        rows.add(row);
        System.out.printf("%-18s %-10s %-16s %5d %7d %9.3f %6.0f%% %9.1f %5.0f%% %6s  %s%s%n", network, layer, precision,
                batch, threads, median, 100 * row.spread(), speed, 100 * row.shareOfPeak(),
                best.isEmpty() ? "" : String.format("%.2fx", ratio), best.isEmpty() ? "" : String.format("%s %.3f ms",
                        best, peers.get(best)), Double.isNaN(same) ? "" : String.format(", %.0f%% same top-1", 100 * same));
    }
}
