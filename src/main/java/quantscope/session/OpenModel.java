package quantscope.session;

import java.util.List;
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

    /** The class's name, or its index where there is no name. */
    public String className(int index) {
        return index >= 0 && index < classNames.size() ? classNames.get(index) : "class " + index;
    }
}
