package quantscope.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LegibleTest {

    @Test
    void ordinaryTextStaysAsItIs() {
        assertEquals("layer1.0/Größe 漢字 \ud83d\ude00", Legible.line("layer1.0/Größe 漢字 \ud83d\ude00", 100));
    }

    @Test
    void whatTellsATerminalWhatToDoBecomesItsCode() {
        assertEquals("a\\u001b[2Jb\\u000ac\\u202ed\\ud83d", Legible.line("a\u001b[2Jb\nc\u202ed\ud83d", 100));
    }

    @Test
    void longTextLosesItsMiddle() {
        String line = Legible.line("begin" + "x".repeat(1_000_000) + "end", 200);
        assertTrue(line.startsWith("begin") && line.contains("...") && line.endsWith("end") && line.length() <= 200, line);
        assertTrue(Legible.line("\u0000".repeat(1_000_000), 200).length() < 500);
    }
}
