package quantscope.app.inspector;

import java.util.Locale;
import quantscope.app.text.Texts;
import quantscope.compare.ErrorMetrics;
import quantscope.figure.Formats;
import quantscope.quant.QuantParams;

/** Puts metrics and parameters into facts, in the same words everywhere. */
final class FactTexts {

    private final Texts texts = Texts.of("inspector");

    void metrics(Facts facts, ErrorMetrics metrics) {
        add(facts, "sqnr", Formats.decibel(metrics.sqnrDb()));
        add(facts, "cosine", String.format(Locale.ROOT, "%.6f", metrics.cosine()));
        add(facts, "mse", Formats.number(metrics.mse()));
        add(facts, "maxError", Formats.number(metrics.maxError()));
    }

    void params(Facts facts, QuantParams.PerTensor params) {
        add(facts, "scale", Float.toString(params.scale()));
        add(facts, "zeroPoint", Integer.toString(params.zeroPoint()));
    }

    void add(Facts facts, String key, String value) {
        facts.add(key, texts.text("fact." + key), value, texts.text("help." + key));
    }
}
