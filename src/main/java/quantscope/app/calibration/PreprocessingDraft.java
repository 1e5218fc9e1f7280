package quantscope.app.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import quantscope.dataset.Preprocessing;

/**
 * Preprocessing as it is typed.
 *
 * @param resize     shorter side in pixels; blank keeps the image's size
 * @param cropHeight in pixels
 * @param cropWidth  in pixels
 * @param mean       one number per channel, separated by blanks, commas or semicolons
 * @param std        likewise
 */
record PreprocessingDraft(String resize, String cropHeight, String cropWidth, String mean, String std) {

    /** A field that is typed into. */
    enum Field { RESIZE, CROP_HEIGHT, CROP_WIDTH, MEAN, STD }

    static PreprocessingDraft of(Preprocessing p) {
        return new PreprocessingDraft(p.resize().isPresent() ? Integer.toString(p.resize().getAsInt()) : "",
                Integer.toString(p.cropHeight()), Integer.toString(p.cropWidth()), numbers(p.mean()),
                numbers(p.std()));
    }

    /**
     * Fields that cannot be taken as they stand.
     *
     * @param input what the network reads: crop and number of channels must be its
     */
    List<Field> invalid(Preprocessing input) {
        List<Field> invalid = new ArrayList<>();
        Optional<Integer> height = side(cropHeight);
        Optional<Integer> width = side(cropWidth);
        int needed = Math.max(input.cropHeight(), input.cropWidth());
        if (!resize.isBlank() && side(resize).filter(r -> r >= needed).isEmpty()) {
            invalid.add(Field.RESIZE);
        }
        if (height.filter(h -> h == input.cropHeight()).isEmpty()) {
            invalid.add(Field.CROP_HEIGHT);
        }
        if (width.filter(w -> w == input.cropWidth()).isEmpty()) {
            invalid.add(Field.CROP_WIDTH);
        }
        if (numbers(mean).filter(m -> m.length == input.channels()).isEmpty()) {
            invalid.add(Field.MEAN);
        }
        if (numbers(std).filter(s -> s.length == input.channels() && positive(s)).isEmpty()) {
            invalid.add(Field.STD);
        }
        return invalid;
    }

    /** What is meant; empty while a field is invalid. */
    Optional<Preprocessing> parse(Preprocessing input) {
        if (!invalid(input).isEmpty()) {
            return Optional.empty();
        }
        OptionalInt side = resize.isBlank() ? OptionalInt.empty() : OptionalInt.of(side(resize).orElseThrow());
        return Optional.of(new Preprocessing(side, side(cropHeight).orElseThrow(), side(cropWidth).orElseThrow(),
                numbers(mean).orElseThrow(), numbers(std).orElseThrow()));
    }

    private static Optional<Integer> side(String text) {
        return WholeNumberField.parse(text, 1, 16_384).map(Long::intValue);
    }

    private static Optional<float[]> numbers(String text) {
        String[] words = text.strip().split("[\\s,;]+");
        float[] numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            if (!words[i].matches("-?(\\d+(\\.\\d*)?|\\.\\d+)([eE]-?\\d{1,2})?")) {
                return Optional.empty();
            }
            numbers[i] = Float.parseFloat(words[i]);
            if (!Float.isFinite(numbers[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(numbers);
    }

    private static boolean positive(float[] numbers) {
        return IntStream.range(0, numbers.length).allMatch(i -> numbers[i] > 0);
    }

    private static String numbers(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToObj(i -> String.format(Locale.ROOT, "%s", numbers[i]))
                .collect(Collectors.joining(", "));
    }
}
