package quantscope.app.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import quantscope.app.text.Texts;
import quantscope.compare.Answer;
import quantscope.compare.Drift;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.ImageComparison;
import quantscope.compare.Interval;
import quantscope.compare.Outcome;

class DriftCsvTest {

    private final DriftText words = new DriftText(Texts.of("drift"));

    private static ImageComparison image(String path, int label, int fp32, int converted) {
        return new ImageComparison(path, label < 0 ? OptionalInt.empty() : OptionalInt.of(label),
                new Answer(List.of(fp32), List.of(0.75f)), new Answer(List.of(converted), List.of(0.5f)));
    }

    @Test
    void whatAnAnswerBecameDependsOnTheLabel() {
        assertEquals(Outcome.SAME, Outcome.of(image("a", 0, 1, 1)));
        assertEquals(Outcome.BECAME_WRONG, Outcome.of(image("a", 1, 1, 2)));
        assertEquals(Outcome.BECAME_RIGHT, Outcome.of(image("a", 2, 1, 2)));
        assertEquals(Outcome.CHANGED, Outcome.of(image("a", 0, 1, 2)));
        assertEquals(Outcome.CHANGED, Outcome.of(image("a", -1, 1, 2)));
    }

    @Test
    void filtersKeepTheOrder() {
        List<ImageComparison> all = List.of(image("a", 1, 1, 2), image("b", 1, 1, 1), image("c", 2, 1, 2));
        assertEquals(List.of(all.get(0), all.get(2)), ImageFilter.DRIFTED.of(all));
        assertEquals(all, ImageFilter.ALL.of(all));
        assertEquals(List.of(all.get(0)), ImageFilter.BECAME_WRONG.of(all));
        assertEquals(List.of(all.get(2)), ImageFilter.BECAME_RIGHT.of(all));
    }

    @Test
    void commasAndQuotesInNamesAreQuoted() {
        assertEquals("path,label,fp32,fp32 probability,converted,converted probability,outcome\n"
                        + "\"a,\"\"1\"\".jpg\",class 1,class 1,0.75,class 2,0.5,became wrong\n"
                        + "b.jpg,,class 1,0.75,class 1,0.5,same\n",
                DriftCsv.images(List.of(image("a,\"1\".jpg", 1, 1, 2), image("b.jpg", -1, 1, 1)), i -> "class " + i));
    }

    @Test
    void layersAreWrittenWithFullPrecision() {
        assertEquals("layer,SQNR dB,cosine,MSE,max error,sign flip rate,kernel\nconv1,31.123456789,0.5,1.0E-4,2.0,,vpdpbusd 512\n"
                        + "conv2,Infinity,1.0,0.0,0.0,0.034,\"plain Java, Rows\"\n",
                DriftCsv.layers(List.of(
                        new LayerErrorRow("conv1", new ErrorMetrics(31.123456789, 0.5, 1e-4, 2), OptionalDouble.empty(),
                                "vpdpbusd 512"),
                        new LayerErrorRow("conv2", new ErrorMetrics(Double.POSITIVE_INFINITY, 1, 0, 0),
                                OptionalDouble.of(0.034), "plain Java, Rows"))));
    }

    @Test
    void driftIsSaidWithItsIntervalAndCount() {
        List<ImageComparison> images = new java.util.ArrayList<>(java.util.Collections.nCopies(98, image("a", 1, 1, 1)));
        images.add(image("b", 1, 1, 2));
        images.add(image("c", 2, 1, 2));
        Drift drift = new Drift(images, 0.02, new Interval(0.0059, 0.07), OptionalDouble.of(0.91),
                OptionalDouble.of(0.885), OptionalDouble.empty(), OptionalDouble.empty());
        assertEquals("Top-1 drift 2.0 %", words.headline(drift));
        assertEquals("95 % CI 0.6 % to 7.0 %  ·  2 of 100 images", words.interval(drift));
        assertEquals("Top-1 accuracy: fp32 91.0 %, converted 88.5 % (−2.5)",
                words.accuracy("top1", drift.fp32Top1(), drift.convertedTop1()));
        assertEquals("No labels in this folder, so no accuracy",
                words.accuracy("top5", drift.fp32Top5(), drift.convertedTop5()));
    }
}
