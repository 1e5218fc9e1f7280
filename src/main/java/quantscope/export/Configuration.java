package quantscope.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.ptq.ActivationCalibration;
import quantscope.ptq.Specification;
import quantscope.quant.Profile;
import quantscope.quant.QuantParams;

/**
 * A chosen and calibrated configuration: everything that is needed to repeat a run.
 *
 * @param modelFile         the model file's name, without its folder
 * @param modelFormat       what it is, with versions
 * @param modelSha256       64 lower-case hex digits
 * @param imagesFolder      the folder's name, for the reader; images are found by their relative paths
 * @param calibrationImages relative paths in the order in which the observers saw them
 * @param evaluationImages  relative paths of the images that were compared; empty before a comparison
 * @param activations       by node of the prepared graph: the stubs and the int8 layers
 * @param weights           scale and zero point of each int8 layer's weight
 */
public record Configuration(String modelFile, String modelFormat, String modelSha256, Specification specification,
                            Preprocessing preprocessing, String imagesFolder, ImageSelection selection,
                            List<String> calibrationImages, List<String> evaluationImages,
                            Map<String, ActivationCalibration> activations, Map<String, QuantParams> weights) {

    public Configuration {
        calibrationImages = List.copyOf(calibrationImages);
        evaluationImages = List.copyOf(evaluationImages);
        activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** The same scales and zero points on another backend; the default qconfig, which made them, stays. */
    public Configuration withProfile(Profile profile) {
        Specification other = new Specification(specification.layers(), specification.fixes(),
                specification.defaultQConfig(), profile);
        return new Configuration(modelFile, modelFormat, modelSha256, other, preprocessing, imagesFolder, selection,
                calibrationImages, evaluationImages, activations, weights);
    }
}
