package quantscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import quantscope.export.onnx.FullSizeAlexNet;

@Command(name = "make-alexnet", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes a full-size AlexNet (224 x 224, 1000 classes) with seeded random weights as ONNX, 244 MB: "
                + "for size and speed; its answers mean nothing.")
final class MakeAlexNetCommand implements Callable<Integer> {

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The ONNX file to write.")
    private Path out;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Of the weights (default: 0).")
    private long seed;

    private final Console console;

    MakeAlexNetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws OutputException {
        try {
            FullSizeAlexNet.write(out, seed);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        console.result("%s", out);
        return ExitCode.OK.code();
    }
}
