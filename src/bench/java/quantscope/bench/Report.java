package quantscope.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.kernel.Kernels;

/** What was measured: printed as it comes, written in the end. */
final class Report {

    private final Kernels kernels;
    private final List<Row> rows = new ArrayList<>();
    private int disagreements;

    Report(Kernels kernels) {
        this.kernels = kernels;
        System.out.println("quantscope's kernels: " + kernels.description());
        System.out.printf("%-18s %-22s %-16s %5s %7s %9s %7s %9s %6s %6s  %s%n", "network", "layer", "precision", "batch",
                "threads", "ms/image", "spread", "GMAC/s", "peak", "ratio", "best peer; the others");
    }

    /** What a row is about; macs are one image's, and arithmetic is what its share of the peak refers to. */
    record Subject(String network, String layer, String precision, int batch, int threads, double macs,
                   Peak.Arithmetic arithmetic) { }

    /** @param millis of one image, of each round, by contender, ours first */
    void add(Subject subject, Map<String, double[]> millis, Map<String, Agreement> agreement) {
        Map<String, Double> medians = new LinkedHashMap<>();
        millis.forEach((name, m) -> medians.put(name, median(m)));
        String ours = medians.keySet().iterator().next();
        double median = medians.remove(ours);
        String best = medians.keySet().stream().min(Comparator.comparing(medians::get)).orElse("");
        double ratio = best.isEmpty() ? 0 : medians.get(best) / median;
        double speed = subject.macs() / median / 1e6;
        double[] rounds = millis.get(ours);
        double spread = (Arrays.stream(rounds).max().orElse(0) - Arrays.stream(rounds).min().orElse(0)) / median;
        double same = agreement.containsKey(best) ? agreement.get(best).sameTop1() : Double.NaN;
        Row row = new Row(subject.network(), subject.layer(), subject.precision(), subject.batch(), subject.threads(),
                median, spread, speed, speed / (Peak.of(kernels, subject.arithmetic()) * subject.threads()), medians, best,
                ratio, same, agreement);
        rows.add(row);
        print(row);
        agreement.forEach((peer, a) -> {
            if (!a.holds(subject.precision())) {
                boolean saturates = !subject.precision().equals("fp32") && !kernels.description().contains("VNNI");
                System.out.println(saturates ? "  " + peer + " saturates here: without VNNI it adds pairs of products in 16 bits"
                        : "  " + peer + " DISAGREES");
                disagreements += saturates ? 0 : 1;
            }
        });
    }

    /** Peers that compute something else, saturation aside. */
    int disagreements() {
        return disagreements;
    }

    private static void print(Row row) {
        StringBuilder peers = new StringBuilder();
        row.peerMsPerImage().entrySet().stream().sorted(Map.Entry.comparingByValue())
                .forEach(e -> peers.append(peers.isEmpty() ? "" : "; ")
                        .append(String.format("%s %.3f ms", e.getKey(), e.getValue()))
                        .append(row.agreement().containsKey(e.getKey()) ? String.format(" (%.0f%% same, off by %.4f)",
                                100 * row.agreement().get(e.getKey()).sameTop1(),
                                row.agreement().get(e.getKey()).largestDifference()) : ""));
        System.out.printf("%-18s %-22s %-16s %5d %7d %9.3f %6.0f%% %9.1f %5.0f%% %6s  %s%n", row.network(), row.layer(),
                row.precision(), row.batch(), row.threads(), row.msPerImage(), 100 * row.spread(), row.gmacPerSecond(),
                100 * row.shareOfPeak(), row.bestPeer().isEmpty() ? "" : String.format("%.2fx", row.ratioToBestPeer()),
                peers);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    void write() throws IOException {
        Path file = Files.createDirectories(Path.of("target", "bench")).resolve("bench.json");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), rows);
        System.out.println("written: " + file);
    }
}
