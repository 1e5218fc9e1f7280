package quantscope.format.architecture;

import java.util.List;

/**
 * A call of a module, or of a function in one.
 *
 * @param name   of the graph's node: the module's path, with @1 for its second call; for a function its module's path and
 *               its own name
 * @param module the module's path, or that of the module whose forward calls the function
 * @param owner  class of that module, for functions
 * @param use    0 for the module's first call, 1 for its second, ...
 * @param inputs names of the layers it reads
 */
record Layer(String name, Part part, String module, String owner, int use, List<String> inputs) {

    Layer {
        inputs = List.copyOf(inputs);
    }

    /** Whether forward calls a function rather than a module. */
    boolean functional() {
        return switch (part) {
            case Part.Flatten _, Part.Add _, Part.Sign _ -> true;
            case Part.Conv _, Part.Linear _, Part.BatchNorm _, Part.Relu _, Part.MaxPool _, Part.AvgPool _,
                 Part.Dropout _ -> false;
        };
    }

    /** Whether it overwrites its input. */
    boolean inPlace() {
        return part instanceof Part.Relu || part instanceof Part.Add;
    }
}
