package quantscope.cli;

import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Model.CommandSpec;
import quantscope.dataset.Preprocessing;
import quantscope.session.OpenModel;

/** The flags that override a model file's preprocessing. */
final class PreprocessingOptions {

    @Option(names = "--resize", paramLabel = "SIDE",
            description = "Shorter side after resizing, 0 for none (default: what the model file says).")
    private Integer resize;

    @Option(names = "--crop", paramLabel = "SIDE[,WIDTH]", split = ",", hideParamSyntax = true,
            description = "Centre crop: side, or height,width (default: what the model file says).")
    private int[] crop;

    @Option(names = "--mean", paramLabel = "R,G,B", split = ",", hideParamSyntax = true,
            description = "Mean per channel, of pixels from 0 to 1 (default: what the model file says, else ImageNet's).")
    private float[] mean;

    @Option(names = "--std", paramLabel = "R,G,B", split = ",", hideParamSyntax = true,
            description = "Standard deviation per channel (default: what the model file says, else ImageNet's).")
    private float[] std;

    /** @throws ParameterException when the flags make no sense, or make images that the network does not read */
    Preprocessing over(Preprocessing base, OpenModel open, CommandSpec spec) {
        Preprocessing made = over(base, spec);
        Optional<String> misfit = open.misfit(made);
        if (misfit.isPresent() && !made.equals(base)) {
            throw new ParameterException(spec.commandLine(), (crop == null ? "" : "--crop: ") + misfit.get());
        }
        return made;
    }

    private Preprocessing over(Preprocessing base, CommandSpec spec) {
        if (crop != null && crop.length > 2) {
            throw new ParameterException(spec.commandLine(), "--crop takes one or two numbers");
        }
        OptionalInt side = resize == null ? base.resize() : resize == 0 ? OptionalInt.empty() : OptionalInt.of(resize);
        try {
            return new Preprocessing(side, crop == null ? base.cropHeight() : crop[0],
                    crop == null ? base.cropWidth() : crop[crop.length - 1], mean == null ? base.mean() : mean,
                    std == null ? base.std() : std);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "preprocessing: " + e.getMessage());
        }
    }
}
