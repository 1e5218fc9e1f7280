package quantscope.export.report;

import java.util.Locale;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.ptq.Precision;

/** A table, row by row. Numbers keep all their digits in the value of a {@code data} element. */
final class Table {

    private final Markup html;

    /** @param heads of the columns; those that begin with # hold numbers */
    Table(Markup html, String... heads) {
        this.html = html;
        html.begin("div", "class", "scroll").begin("table").begin("thead").begin("tr");
        for (String head : heads) {
            boolean number = head.startsWith("#");
            html.element("th", number ? head.substring(1) : head, "class", number ? "n" : "t", "scope", "col");
        }
        html.end("tr").end("thead").begin("tbody");
    }

    Table row() {
        html.begin("tr");
        return this;
    }

    Table endRow() {
        html.end("tr");
        return this;
    }

    void end() {
        html.end("tbody").end("table").end("div");
    }

    /** A name out of a file. */
    Table name(String text) {
        html.element("td", text, "class", "name");
        return this;
    }

    Table text(String text) {
        html.element("td", text);
        return this;
    }

    /** On one line. */
    Table whole(String text) {
        html.element("td", text, "class", "w");
        return this;
    }

    Table number(double value, String shown) {
        html.begin("td", "class", "n");
        data(html, value, shown);
        html.end("td");
        return this;
    }

    Table count(long value) {
        return number(value, String.format(Locale.ROOT, "%,d", value));
    }

    Table brief(double value) {
        return number(value, Formats.brief(value));
    }

    Table range(double low, double high) {
        html.begin("td", "class", "n");
        data(html, low, Formats.brief(low));
        if (low != high) {
            html.text(" … ");
            data(html, high, Formats.brief(high));
        }
        html.end("td");
        return this;
    }

    Table precision(Precision precision) {
        html.begin("td");
        chip(html, precision);
        html.end("td");
        return this;
    }

    /** The number with a bar before it: 0 dB is empty, 60 dB (ten bits) is full. */
    Table sqnr(double db) {
        double share = Double.isNaN(db) ? 0 : Math.clamp(db / 60, 0, 1);
        html.begin("td", "class", "n sqnr").begin("span", "class", "bar")
                .element("span", "", "style", "width:" + Markup.px(100 * share) + "%").end("span");
        data(html, db, Formats.decibel(db));
        html.end("td");
        return this;
    }

    Table nothing() {
        html.element("td", "", "class", "n");
        return this;
    }

    static void chip(Markup html, Precision precision) {
        html.element("span", precision.label(), "class", "chip chip-" + precision.label());
    }

    static void data(Markup html, double value, String shown) {
        html.element("data", shown, "value", value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value) : Double.toString(value));
    }
}
