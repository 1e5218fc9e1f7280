package quantscope.export.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import quantscope.figure.GraphSvg;
import quantscope.figure.Markup;
import quantscope.quant.Profile;

/**
 * One HTML file that needs nothing else: no script, no reference to any other place; styles and drawings are inside, pictures
 * are data. It is well-formed XML. The same content gives the same bytes.
 */
public final class HtmlReport {

    /** Even if something in the file asked for more, a browser would not load it. */
    private static final String POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    private final ReportContent content;
    private final Markup html = new Markup();

    private HtmlReport(ReportContent content) {
        this.content = content;
    }

    public static String write(ReportContent content) {
        return new HtmlReport(content).write();
    }

    private String write() {
        String title = content.configuration().modelFile() + " in int8";
        html.begin("html", "lang", "en").begin("head")
                .empty("meta", "charset", "utf-8")
                .empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .empty("meta", "name", "generator", "content", "Quantscope " + content.machine().quantscope())
                .element("title", title).style(css() + GraphSvg.STYLE).end("head").begin("body");
        head();
        new SummarySection(html, content).write();
        new SetupSection(html, content).write();
        new ChoiceSection(html, content).write();
        new GraphSection(html, content.prepared()).write();
        new LayerSection(html, content).write();
        new ScaleSection(html, content).write();
        new SaturationSection(html, content).write();
        new HistogramSection(html, content).write();
        new Gallery(html, content).write();
        machine();
        return "<!DOCTYPE html>\n" + html.end("body").end("html");
    }

    private static String css() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("/quantscope/export/report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void head() {
        Profile profile = content.configuration().specification().profile();
        html.begin("header").element("p", "Quantization report", "class", "over")
                .element("h1", content.configuration().modelFile())
                .element("p", date() + "  ·  runs on " + Words.profile(profile), "class", "sub").end("header");
    }

    private String date() {
        return content.made().format(DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm z", Locale.ENGLISH));
    }

    private void machine() {
        Machine machine = content.machine();
        html.begin("section", "id", "machine").element("h2", "Machine and versions");
        new Facts(html).fact("Computed on", machine.cpu()).fact("Cores", Integer.toString(machine.cores()))
                .fact("System", machine.system()).fact("Engine", machine.engine()).fact("Java", machine.java())
                .fact("Quantscope", machine.quantscope()).fact("Model format", content.configuration().modelFormat())
                .code("Model SHA-256", content.configuration().modelSha256())
                .fact("Made", content.made().truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME)).end();
        html.end("section");
    }
}
