package quantscope.app.drift;

import java.util.Locale;
import java.util.OptionalDouble;
import quantscope.app.text.Texts;
import quantscope.compare.Answer;
import quantscope.compare.Drift;
import quantscope.figure.Formats;

/** Drift and answers in words. */
final class DriftText {

    private final Texts texts;

    DriftText(Texts texts) {
        this.texts = texts;
    }

    String headline(Drift drift) {
        return texts.text("headline", Formats.percent(drift.top1Drift()));
    }

    String interval(Drift drift) {
        return texts.text("interval", Formats.percent(drift.top1DriftCi95().low()),
                Formats.percent(drift.top1DriftCi95().high()), drift.drifted().size(), drift.imageCount());
    }

    /** fp32's and the converted network's accuracy, and the difference in percentage points. */
    String accuracy(String name, OptionalDouble fp32, OptionalDouble converted) {
        if (fp32.isEmpty() || converted.isEmpty()) {
            return texts.text("noLabels");
        }
        double points = (converted.getAsDouble() - fp32.getAsDouble()) * 100;
        return texts.text(name, Formats.percent(fp32.getAsDouble()), Formats.percent(converted.getAsDouble()),
                Math.abs(points) < 0.05 ? "±0.0" : String.format(Locale.ROOT, "%+.1f", points).replace('-', '−'));
    }

    /** The probability of a place of an answer. */
    static String probability(Answer answer, int place) {
        return place < answer.probabilities().size() ? Formats.percent(answer.probabilities().get(place)) : "";
    }
}
