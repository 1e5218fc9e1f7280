package quantscope.graph;

import java.util.Objects;
import java.util.Optional;

/**
 * What the model file says about where a node comes from; quantizability is judged on it.
 *
 * @param nodeName   the file's own name of the node
 * @param operator   the file's own operator, for example {@code Conv} or {@code torch.ops.aten.relu_.default}
 * @param module     the innermost module the operation was called in; empty where the file does not keep modules
 * @param functional whether the operation is called as a function in a module of the user's
 *                   ({@code x + y}, {@code F.relu(x)}) instead of being a module of its own; always false where
 *                   the file does not keep modules
 * @param inPlace    whether the operation overwrites its input ({@code aten.relu_})
 * @param source     the user's own source line, where the file has it
 */
public record Origin(String nodeName, String operator, Optional<ModuleUse> module, boolean functional,
                     boolean inPlace, Optional<SourceLine> source) {

    public Origin {
        Objects.requireNonNull(nodeName);
        Objects.requireNonNull(operator);
        Objects.requireNonNull(module);
        Objects.requireNonNull(source);
    }

    /** For a node that a file names but says nothing more about. */
    public static Origin of(String nodeName, String operator) {
        return new Origin(nodeName, operator, Optional.empty(), false, false, Optional.empty());
    }
}
