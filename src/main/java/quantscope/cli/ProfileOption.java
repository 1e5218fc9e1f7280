package quantscope.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import quantscope.quant.Profile;

/** The words for deployment profiles. */
final class ProfileOption {

    static final String NAME = "--profile";

    private ProfileOption() { }

    /**
     * @param word what was typed; null where the flag was not
     * @throws ParameterException when it names no profile
     */
    static Optional<Profile> of(String word, CommandSpec spec) {
        if (word == null) {
            return Optional.empty();
        }
        List<String> words = Arrays.stream(Profile.values()).map(Profile::id).toList();
        return Optional.of(Arrays.stream(Profile.values()).filter(p -> p.id().equals(word)).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(), NAME + " is " + word + ", expected one of "
                        + String.join(", ", words))));
    }
}
