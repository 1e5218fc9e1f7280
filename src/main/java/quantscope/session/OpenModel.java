package quantscope.session;

import java.util.List;
import java.util.Optional;
import quantscope.dataset.Preprocessing;
import quantscope.format.Model;

/**
 * A model with what its file says about images and classes.
 *
 * @param preprocessing         what the file says, else ImageNet's for the input's size
 * @param preprocessingFromFile whether the file said it
 * @param classNames            by class index; empty where the file has none
 */
public record OpenModel(Model model, Preprocessing preprocessing, boolean preprocessingFromFile,
                        List<String> classNames) {

    public OpenModel {
        classNames = List.copyOf(classNames);
    }

    /**
     * What about some preprocessing does not fit what the network reads; empty where all fits. The same holds for what the
     * file says, so that is what others are held to.
     */
    public Optional<String> misfit(Preprocessing other) {
        if (other.channels() != preprocessing.channels()) {
            return Optional.of("mean and std have " + other.channels() + " values, but this network reads "
                    + preprocessing.channels() + " channels");
        }
        if (other.cropHeight() != preprocessing.cropHeight() || other.cropWidth() != preprocessing.cropWidth()) {
            return Optional.of("crop is " + other.cropHeight() + " x " + other.cropWidth() + ", but this network reads "
                    + preprocessing.cropHeight() + " x " + preprocessing.cropWidth() + " pixels");
        }
        return Optional.empty();
    }

    /** The class's name, or its index where there is no name. */
    public String className(int index) {
        return index >= 0 && index < classNames.size() ? classNames.get(index) : "class " + index;
    }
}
