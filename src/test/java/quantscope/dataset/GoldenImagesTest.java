package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Decoding and preprocessing against Pillow 12.3 and PyTorch 2.13; see golden/dataset/make_golden.py. */
@Tag("golden")
class GoldenImagesTest {

    private final GoldenImages golden = new GoldenImages();
    private final ImageDecoder decoder = new ImageDecoder();

    GoldenImagesTest() throws IOException { }

    @TestFactory
    Stream<DynamicTest> decodesAsPillowDoes() {
        return golden.all("decode").stream().map(one -> DynamicTest.dynamicTest(one.get("file").asText(), () -> {
            RgbImage image = decoder.decode(golden.file(one));
            assertEquals(one.get("width").asInt(), image.width());
            assertEquals(one.get("height").asInt(), image.height());
            byte[] expected = golden.bytes(one, image.rgb().length);
            if (one.get("tolerance").asInt() == 0) {
                assertArrayEquals(expected, image.rgb());
            } else {
                assertWithinOneLevel(expected, image.rgb());
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> resizesExactlyAsPillowDoes() {
        return golden.all("resize").stream().map(one -> {
            int width = one.get("width").asInt();
            int height = one.get("height").asInt();
            return DynamicTest.dynamicTest(one.get("file").asText() + " to " + width + " x " + height, () -> {
                RgbImage image = decoder.decode(golden.file(one));
                byte[] resized = PillowResize.resize(image.rgb(), image.width(), image.height(), 3,
                        PillowResize.Window.whole(width, height));
                assertArrayEquals(golden.bytes(one, 3 * width * height), resized);
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> preparesInputsBitForBit() {
        return golden.all("prepare").stream().map(one -> DynamicTest.dynamicTest(
                one.get("file").asText() + " " + one.get("resize") + " " + one.get("crop"), () -> {
                    Preprocessing preprocessing = preprocessing(one);
                    float[] input = new Preprocessor(preprocessing).apply(decoder.decode(golden.file(one))).data();
                    assertArrayEquals(golden.floats(one, input.length), input);
                    assertEquals(preprocessing.channels() * preprocessing.cropHeight() * preprocessing.cropWidth(),
                            input.length);
                }));
    }

    private static Preprocessing preprocessing(JsonNode one) {
        OptionalInt resize = one.get("resize").isNull() ? OptionalInt.empty()
                : OptionalInt.of(one.get("resize").asInt());
        return new Preprocessing(resize, one.get("crop").get(0).asInt(), one.get("crop").get(1).asInt(),
                GoldenImages.floats(one.get("mean")), GoldenImages.floats(one.get("std")));
    }

    private static void assertWithinOneLevel(byte[] expected, byte[] actual) {
        int worst = 0;
        int differing = 0;
        for (int i = 0; i < expected.length; i++) {
            int difference = Math.abs((expected[i] & 0xff) - (actual[i] & 0xff));
            worst = Math.max(worst, difference);
            differing += difference == 0 ? 0 : 1;
        }
        int found = worst;
        int count = differing;
        assertTrue(worst <= 1, () -> "differs by up to " + found + " levels in " + count + " of " + expected.length);
    }
}
