package quantscope.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import quantscope.compare.ExternalRuntime;
import quantscope.compare.Verification;
import quantscope.compare.VerifyExport;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.graph.Graph;
import quantscope.run.ImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Exports into a folder of its own and runs the file where it will run. */
final class VerifyOnnx {

    static final String MISSING = "ONNX Runtime is not part of this build; start the window with "
            + "mvn -q -Ponnxruntime compile exec:exec, or build the command line with "
            + "mvn -q -Ponnxruntime package -DskipTests";

    private final VerifyExport verify;
    private final Exporter exporter;

    VerifyOnnx(VerifyExport verify, Exporter exporter) {
        this.verify = verify;
        this.exporter = exporter;
    }

    /** The runtime that the class path holds. */
    static Optional<ExternalRuntime> runtime() {
        return ServiceLoader.load(ExternalRuntime.class).findFirst();
    }

    Verification run(Exportable exportable, Graph converted, List<String> paths, ImageRunner.ImageInputs inputs,
                     Progress progress, Cancellation cancellation) throws IOException {
        ExternalRuntime runtime = runtime().orElseThrow(() -> new RuntimeMissingException(MISSING));
        Path folder = Files.createTempDirectory("quantscope-verify");
        Path file = folder.resolve("exported" + exporter.extension());
        try {
            exporter.export(exportable, file);
            return verify.run(converted, file, runtime, paths, inputs, progress, cancellation);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }
}
