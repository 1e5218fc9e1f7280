package quantscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FormatsTest {

    @Test
    void whatIsRareIsNotWrittenAsNone() {
        assertEquals("0.0 %", Formats.rarePercent(0));
        assertEquals("< 0.01 %", Formats.rarePercent(1e-6));
        assertEquals("0.01 %", Formats.rarePercent(1e-4));
        assertEquals("0.05 %", Formats.rarePercent(5e-4));
        assertEquals("0.1 %", Formats.rarePercent(1e-3));
        assertEquals("3.4 %", Formats.rarePercent(0.034));
    }

    @Test
    void aLongNameIsWrittenSmaller() {
        assertEquals(13, card("conv1").nameSize());
        assertEquals(11, card("layer1.0.downsample.0.with.more").nameSize());
    }

    private static Card card(String name) {
        return new Card(name, Card.Form.LAYER, "Conv2d", "1", java.util.Optional.empty(), quantscope.ptq.Precision.FP32,
                Card.Tick.OFF, java.util.Optional.empty(), java.util.List.of());
    }
}
