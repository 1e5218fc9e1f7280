package quantscope.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.compare.LayerInsight;
import quantscope.compare.Saturation;
import quantscope.compare.Verification;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.export.Exporter;
import quantscope.format.ModelFormatException;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * What a user can do, without a window. Stateless: every call takes immutable data and returns immutable data, so
 * calls may run in any thread. Long calls take Progress and Cancellation and publish nothing when called off
 * ({@link java.util.concurrent.CancellationException}).
 */
public interface Session {

    /** @throws ModelFormatException with a message for the user when the file is not what it should be */
    OpenModel open(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException;

    /** @throws quantscope.dataset.DatasetException when there is no readable folder or no image in it */
    ImageSet images(Path folder, Cancellation cancellation);

    /** Fast: called at every tick. */
    Prepared prepare(OpenModel model, Specification specification);

    /** prepare -> calibrate over the calibration images. */
    CalibrationRun calibrate(Job job, Progress progress, Cancellation cancellation);

    /** convert -> run fp32 and converted over the evaluation images. */
    Comparison compare(CalibrationRun run, Progress progress, Cancellation cancellation);

    /** The same over other images of the run's folder than the job's own evaluation part. */
    Comparison compare(CalibrationRun run, EvaluationChoice choice, Progress progress, Cancellation cancellation);

    /** What would saturate on a CPU without VNNI, over the calibration images. */
    Saturation saturation(CalibrationRun run, Progress progress, Cancellation cancellation);

    /** Weights and activations of one layer over the calibration images; see {@link LayerInsight}. */
    LayerInsight inspect(CalibrationRun run, String layer, Progress progress, Cancellation cancellation);

    /** Runs a few evaluation images through the engine in fp32 and through ND4J. */
    SelfCheck selfCheck(Job job, Progress progress, Cancellation cancellation);

    /**
     * Moments of a layer's weight, input and output, fp32 and converted, over the first calibration batch.
     *
     * @return in the order in which they are shown
     */
    List<NamedStatistics> statistics(CalibrationRun run, String layer, Progress progress, Cancellation cancellation);

    /**
     * Writes a layer's weight, inputs and outputs, fp32 and int8, over the first calibration batch as NumPy arrays.
     *
     * @param file .npz
     * @throws IOException when it cannot be written, with its name and what to do
     */
    void saveTensors(CalibrationRun run, String layer, Path file, Progress progress, Cancellation cancellation)
            throws IOException;

    /** What a finished run says about itself: enough to repeat it. */
    Configuration configuration(CalibrationRun run, Optional<Comparison> comparison);

    /**
     * Takes up a calibration from a configuration, with its scales and zero points pinned: nothing is observed again.
     *
     * @param images        the folder to work on; may be another one than the configuration's
     * @param preprocessing usually the configuration's
     * @throws ConfigurationException when it does not fit the model: a layer or an observer's result is missing
     */
    CalibrationRun restore(OpenModel model, Configuration configuration, ImageSet images, Preprocessing preprocessing)
            throws ConfigurationException;

    /** Every format that a run can be written in. */
    List<Exporter> exporters();

    /**
     * Writes a run in one format.
     *
     * @return the files written
     * @throws IOException when one cannot be written, with its name and what to do
     */
    List<Path> export(CalibrationRun run, Optional<Comparison> comparison, Exporter exporter, Path file)
            throws IOException;

    /**
     * Exports a run as ONNX, runs the file in ONNX Runtime over the evaluation images and compares image by image.
     *
     * @throws RuntimeMissingException when ONNX Runtime is not part of this build
     * @throws IOException             when the run cannot be exported, or the runtime refuses the file, with the reason
     */
    Verification verify(CalibrationRun run, Progress progress, Cancellation cancellation) throws IOException;

    /** The same over other images of the run's folder than the job's own evaluation part. */
    Verification verify(CalibrationRun run, EvaluationChoice choice, Progress progress, Cancellation cancellation)
            throws IOException;

    /**
     * Writes a comparison as one HTML file that needs nothing else: graph, choices, layers, histograms, what changed. Looks into
     * every int8 layer for it, over the calibration images.
     *
     * @throws IOException when it cannot be written, with its name and what to do
     */
    void report(CalibrationRun run, Comparison comparison, Path file, Progress progress, Cancellation cancellation)
            throws IOException;

    /** What computes: "Vector API, 512 bit, 2 threads". */
    String engine();
}
