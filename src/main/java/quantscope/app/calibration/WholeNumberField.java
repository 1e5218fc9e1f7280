package quantscope.app.calibration;

import java.util.Optional;
import java.util.function.LongConsumer;
import javafx.scene.control.Spinner;
import javafx.scene.control.SpinnerValueFactory;
import javafx.util.StringConverter;
import org.controlsfx.validation.Severity;
import org.controlsfx.validation.ValidationResult;
import org.controlsfx.validation.ValidationSupport;
import quantscope.app.text.Texts;

/**
 * A whole number within bounds. What is typed counts as soon as it is one; anything else is marked and falls back to
 * the last good number when the field is left.
 */
final class WholeNumberField extends Spinner<Long> {

    private final long min;
    private final long max;
    private boolean showing;

    /** @param changed is told each number that the user gives */
    WholeNumberField(String id, long min, long max, ValidationSupport validation, Texts texts, LongConsumer changed) {
        super(new Numbers(min, max));
        this.min = min;
        this.max = max;
        setId(id);
        setEditable(true);
        setMaxWidth(Double.MAX_VALUE);
        setPrefWidth(90);
        getEditor().setId(id + "-text");
        getEditor().textProperty().addListener((_, _, text) -> parse(text).ifPresent(getValueFactory()::setValue));
        valueProperty().addListener((_, _, value) -> {
            if (!showing && value != null) {
                changed.accept(value);
            }
        });
        validation.registerValidator(getEditor(), false, (javafx.scene.control.Control c, String text) ->
                ValidationResult.fromMessageIf(c, texts.text("number.invalid", min, max), Severity.ERROR,
                        parse(text).isEmpty()));
    }

    /** Shows a number without telling anybody. */
    void show(long number) {
        showing = true;
        if (getValue() != number || parse(getEditor().getText()).isEmpty()) {
            getValueFactory().setValue(number);
            getEditor().setText(Long.toString(number));
        }
        showing = false;
    }

    private Optional<Long> parse(String text) {
        return parse(text, min, max);
    }

    static Optional<Long> parse(String text, long min, long max) {
        if (text == null || !text.strip().matches("-?\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(text.strip())).filter(n -> n >= min && n <= max);
    }

    private static final class Numbers extends SpinnerValueFactory<Long> {

        private final long min;
        private final long max;

        Numbers(long min, long max) {
            this.min = min;
            this.max = max;
            setConverter(new StringConverter<>() {
                @Override
                public String toString(Long number) {
                    return number == null ? "" : number.toString();
                }

                @Override
                public Long fromString(String text) {
                    return parse(text, min, max).orElse(getValue());
                }
            });
            setValue(min);
        }

        @Override
        public void decrement(int steps) {
            setValue(Math.max(min, getValue() - steps));
        }

        @Override
        public void increment(int steps) {
            setValue(Math.min(max, getValue() + steps));
        }
    }
}
