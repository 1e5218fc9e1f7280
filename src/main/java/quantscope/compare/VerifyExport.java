package quantscope.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Runs an exported model in another runtime beside the converted network and compares their outputs image by image. */
public final class VerifyExport {

    private final Engine engine;
    private final ImageRunner runner;

    public VerifyExport(Engine engine, ImageRunner runner) {
        this.engine = engine;
        this.runner = runner;
    }

    /**
     * @param converted what was exported
     * @param paths     of the images
     * @param inputs    image i, [1,C,H,W]; called from several threads
     * @throws IOException when the runtime refuses the model or fails, with its reason
     */
    public Verification run(Graph converted, Path exported, ExternalRuntime runtime, List<String> paths,
                            ImageRunner.ImageInputs inputs, Progress progress, Cancellation cancellation)
            throws IOException {
        String output = converted.outputs().getFirst();
        List<ImageAgreement> images = new ArrayList<>();
        try (ExternalRuntime.Loaded loaded = runtime.load(exported)) {
            runner.run(engine.compile(converted), inputs, paths.size(), Set.of(output), result -> {
                try {
                    images.add(agreement(paths.get(result.index()), Numbers.of(result.taps().get(output)),
                            loaded.run(inputs.input(result.index()))));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, (done, total, _) -> progress.update(done, total, "Verifying"), cancellation);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new Verification(runtime.name(), converted.profile(), images);
    }

    private static ImageAgreement agreement(String path, float[] here, float[] there) throws IOException {
        if (here.length != there.length) {
            throw new IOException(path + ": the exported model gives " + there.length + " numbers, expected " + here.length);
        }
        double largest = 0;
        for (int i = 0; i < here.length; i++) {
            // Both may be infinite or no number; then they agree where they are the same.
            double difference = Float.compare(here[i], there[i]) == 0 ? 0 : Math.abs((double) here[i] - there[i]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return new ImageAgreement(path, largest(here), largest(there), largest);
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
