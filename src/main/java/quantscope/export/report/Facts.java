package quantscope.export.report;

import quantscope.figure.Markup;

/** Names with what they stand for, in two columns. */
final class Facts {

    private final Markup html;

    Facts(Markup html) {
        this.html = html;
        html.begin("dl");
    }

    Facts fact(String name, String text) {
        html.element("dt", name).element("dd", text);
        return this;
    }

    Facts code(String name, String text) {
        html.element("dt", name).begin("dd").element("code", text).end("dd");
        return this;
    }

    void end() {
        html.end("dl");
    }
}
