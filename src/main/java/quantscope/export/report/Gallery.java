package quantscope.export.report;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import quantscope.compare.Answer;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;
import quantscope.figure.Formats;
import quantscope.figure.Markup;

/** The images whose answer changed, with both answers. */
public final class Gallery {

    /** More are counted, not shown. */
    static final int MOST = 48;

    private final Markup html;
    private final ReportContent content;

    Gallery(Markup html, ReportContent content) {
        this.html = html;
        this.content = content;
    }

    /** Paths of the images that a report shows. */
    public static List<String> pictured(Comparison comparison) {
        return comparison.drift().drifted().stream().limit(MOST).map(ImageComparison::path).toList();
    }

    void write() {
        Drift drift = content.comparison().drift();
        List<ImageComparison> changed = drift.drifted();
        html.begin("section", "id", "gallery").element("h2", "Answers that changed");
        html.element("p", changed.isEmpty()
                ? "None: fp32 and the converted network agree on " + SummarySection.images(drift.imageCount()) + "."
                : changed.size() + " of " + SummarySection.images(drift.imageCount())
                + (changed.size() > MOST ? "; the first " + MOST + " are shown" : "") + ".", "class", "hint");
        html.begin("div", "class", "gallery");
        changed.stream().limit(MOST).forEach(this::card);
        html.end("div").end("section");
    }

    private void card(ImageComparison image) {
        Outcome outcome = Outcome.of(image);
        html.begin("div", "class", "card " + outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        Optional<byte[]> picture = Optional.ofNullable(content.pictures().get(image.path()));
        html.begin("div", "class", "picture");
        if (picture.isPresent()) {
            html.empty("img", "alt", image.path(), "src",
                    "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(picture.get()));
        } else {
            html.element("span", "not readable", "class", "hint");
        }
        html.end("div");
        answer("fp32", image.fp32());
        answer("→", image.converted());
        html.element("p", (image.label().isPresent() ? "true: " + content.className(image.label().getAsInt()) + ", " : "")
                + Words.outcome(outcome), "class", "truth");
        html.element("p", image.path(), "class", "path").end("div");
    }

    private void answer(String network, Answer answer) {
        html.begin("p", "class", "answer").element("span", network, "class", "network")
                .element("b", content.className(answer.top1()));
        double share = answer.probabilities().getFirst();
        Table.data(html, share, Formats.percent(share));
        html.end("p");
    }
}
