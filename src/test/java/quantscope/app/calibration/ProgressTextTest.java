package quantscope.app.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import quantscope.app.task.TaskEntry;
import quantscope.app.text.Texts;
import quantscope.dataset.Preprocessing;

class ProgressTextTest {

    private final ProgressText words = new ProgressText(Texts.of("calibration"));
    private final Preprocessing input = Preprocessing.imageNet(3, 64, 64);

    @Test
    void speedAndTimeLeftAreSaidOnceKnown() {
        assertEquals("Starting…", words.of(new TaskEntry.State(0, 0, "", 0, -1)));
        assertEquals("Calibrating: 3 of 200", words.of(new TaskEntry.State(3, 200, "Calibrating", 0, -1)));
        assertEquals("Comparing: 1,037 of 2,000  ·  41 images/s  ·  1 min 20 s left",
                words.of(new TaskEntry.State(1037, 2000, "Comparing", 41.2, 80)));
    }

    @Test
    void whatAPreprocessingSaysIsWhatComesBack() {
        assertEquals(Optional.of(input), PreprocessingDraft.of(input).parse(input));
    }

    @Test
    void numbersMayBeSeparatedByBlanksCommasOrSemicolons() {
        Preprocessing read = new PreprocessingDraft("", "64", "64", "0 0;.5", "1, 1,  2e-1").parse(input).orElseThrow();
        assertEquals(new Preprocessing(OptionalInt.empty(), 64, 64, new float[] {0, 0, 0.5f},
                new float[] {1, 1, 0.2f}), read);
    }

    @Test
    void eachFieldIsJudgedAlone() {
        assertEquals(List.of(PreprocessingDraft.Field.RESIZE, PreprocessingDraft.Field.STD),
                new PreprocessingDraft("63", "64", "64", "0 0 0", "1 0 1").invalid(input));
        assertEquals(List.of(PreprocessingDraft.Field.CROP_HEIGHT, PreprocessingDraft.Field.CROP_WIDTH,
                        PreprocessingDraft.Field.MEAN),
                new PreprocessingDraft("64", "x", "65", "0 NaN 0", "1 1 1").invalid(input));
    }
}
