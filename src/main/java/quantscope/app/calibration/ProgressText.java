package quantscope.app.calibration;

import java.util.Locale;
import quantscope.app.task.TaskEntry;
import quantscope.app.text.Texts;
import quantscope.figure.Formats;

/** How far a run is, in words: step, images, speed, time left. */
final class ProgressText {

    private final Texts texts;

    ProgressText(Texts texts) {
        this.texts = texts;
    }

    String of(TaskEntry.State state) {
        if (state.what().isEmpty()) {
            return texts.text("run.starting");
        }
        String text = state.total() > 0 ? texts.text("run.counted", state.what(), state.done(), state.total())
                : state.what();
        if (state.perSecond() > 0) {
            text += texts.text("run.speed", speed(state.perSecond()));
        }
        if (state.remaining() >= 0) {
            text += texts.text("run.remaining", Formats.duration(state.remaining()));
        }
        return text;
    }

    private static String speed(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%.0f", perSecond);
    }
}
