package quantscope.format.architecture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes down an architecture layer by layer; each reads the one before it unless told otherwise. */
final class Sketch {

    private final String owner;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private String last = Architecture.INPUT;

    /** @param owner class of the network, whose forward calls functions */
    Sketch(String owner) {
        this.owner = owner;
    }

    List<Layer> layers() {
        return List.copyOf(layers);
    }

    /** The layer that the next one reads. */
    String last() {
        return last;
    }

    /** Lets the next layer read another than the last. */
    Sketch from(String layer) {
        last = layer;
        return this;
    }

    Sketch conv(String path, int width, int kernel, int stride, int padding) {
        return module(path, new Part.Conv(width, kernel, stride, padding, true, false, false));
    }

    /** Padded to keep the size, without bias, as before batch normalization. */
    Sketch plainConv(String path, int width, int kernel, int stride) {
        return module(path, new Part.Conv(width, kernel, stride, kernel / 2, false, false, false));
    }

    /** The same with as many groups as its weight says. */
    Sketch groupedConv(String path, int width, int kernel, int stride) {
        return module(path, new Part.Conv(width, kernel, stride, kernel / 2, false, true, false));
    }

    Sketch batchNorm(String path) {
        return module(path, new Part.BatchNorm(1e-5, true));
    }

    Sketch relu(String path) {
        return module(path, new Part.Relu());
    }

    Sketch maxPool(String path, int kernel, int stride, int padding) {
        return module(path, new Part.MaxPool(kernel, stride, padding));
    }

    Sketch avgPool(int side) {
        return module("avgpool", new Part.AvgPool(side));
    }

    Sketch dropout(String path) {
        return module(path, new Part.Dropout());
    }

    /** @param width 0 for the number of classes */
    Sketch linear(String path, int width) {
        return module(path, new Part.Linear(width, false));
    }

    Sketch flatten(int side) {
        return function("flatten", "", owner, new Part.Flatten(side, "torch.flatten"), List.of(last));
    }

    Sketch module(String path, Part part) {
        int use = uses.merge(path, 1, Integer::sum) - 1;
        String name = use == 0 ? path : path + "@" + use;
        return add(new Layer(name, part, path, "", use, List.of(last)));
    }

    /** @param path of the module that calls the function; empty for the network itself */
    Sketch function(String name, String path, String className, Part part, List<String> inputs) {
        return add(new Layer(path.isEmpty() ? name : path + "." + name, part, path, className, 0, inputs));
    }

    private Sketch add(Layer layer) {
        layers.add(layer);
        last = layer.name();
        return this;
    }
}
