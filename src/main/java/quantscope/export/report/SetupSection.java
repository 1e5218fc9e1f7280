package quantscope.export.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import quantscope.compare.Comparison;
import quantscope.dataset.SkippedImage;
import quantscope.export.Configuration;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.graph.Cost;
import quantscope.graph.Graph;
import quantscope.graph.Node;

/** Model, images and what was done to them. */
record SetupSection(Markup html, ReportContent content) {

    private static final int SKIPPED_NAMED = 10;

    void write() {
        Configuration c = content.configuration();
        Comparison comparison = content.comparison();
        html.begin("section", "id", "setup").element("h2", "Model and images");
        Facts facts = new Facts(html).fact("Model", c.modelFile()).fact("Format", c.modelFormat())
                .code("SHA-256", c.modelSha256()).fact("Network", network(content.prepared().source()))
                .fact("Runs on", Words.profile(c.specification().profile()) + " (" + c.specification().profile().id() + ")")
                .fact("Preprocessing", Words.preprocessing(c.preprocessing()))
                .fact("Calibrated on", c.calibrationImages().size() + " images of the folder “" + c.imagesFolder()
                        + "”, in batches of " + c.selection().batch() + ", seed " + c.selection().seed())
                .fact("Compared on", SummarySection.images(comparison.drift().imageCount())
                        + (c.calibrationImages().stream().anyMatch(compared()::contains) ? ", some of which calibrated" : ""));
        List<SkippedImage> skipped = comparison.skipped();
        if (!skipped.isEmpty()) {
            facts.fact("Skipped", skipped.size() + ": " + String.join("; ", skipped.stream().limit(SKIPPED_NAMED)
                    .map(s -> s.path() + ", " + s.reason()).toList()) + (skipped.size() > SKIPPED_NAMED ? "; …" : ""));
        }
        content.notes().forEach(note -> facts.fact("Note", note));
        facts.end();
        html.end("section");
    }

    private Set<String> compared() {
        return new HashSet<>(content.comparison().drift().images().stream().map(i -> i.path()).toList());
    }

    private static String network(Graph graph) {
        long parameters = 0;
        long macs = 0;
        for (Node node : graph.nodes()) {
            parameters += Cost.of(node).parameters();
            macs += Cost.of(node).macs();
        }
        return graph.layers().size() + " layers, " + Formats.count(parameters) + " parameters, " + Formats.count(macs)
                + " multiply-accumulates an image, input " + Formats.shape(graph.inputs().getFirst().shape());
    }
}
