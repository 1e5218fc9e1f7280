package quantscope.graph;

/**
 * The PyTorch module that an operation belongs to.
 *
 * @param path      dotted attribute path from the root, for example {@code features.0}; empty for the root itself
 * @param className fully qualified, for example {@code torch.nn.modules.activation.ReLU}
 * @param use       0 for the module's first call in forward, 1 for the second ({@code relu@1} in the file), ...
 */
public record ModuleUse(String path, String className, int use) {

    /** The class without its package: {@code ReLU}. */
    public String simpleClassName() {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
