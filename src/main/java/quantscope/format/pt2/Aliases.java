package quantscope.format.pt2;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which names of the file share memory. An in-place operation changes all of them, though the file goes on to read
 * them by their old names.
 */
final class Aliases {

    /** Operations at inference that give their input itself; dropout is one of them. */
    private static final Set<String> SAME = Set.of("aten.detach", "aten.alias", "aten.contiguous", "aten.to",
            "aten.lift_fresh", "aten.dropout", "aten.feature_dropout", "aten.alpha_dropout");
    /** Operations that may give a view of their input. */
    private static final Set<String> VIEWS = Set.of("aten.view", "aten.reshape", "aten.flatten", "aten.unflatten",
            "aten.squeeze", "aten.unsqueeze", "aten.permute", "aten.transpose", "aten.t", "aten.numpy_T",
            "aten.movedim", "aten.moveaxis", "aten.swapaxes", "aten.swapdims", "aten.mT", "aten.mH", "aten.adjoint",
            "aten._unsafe_view", "aten.broadcast_to", "aten.expand", "aten.expand_as", "aten.view_as", "aten.reshape_as",
            "aten.slice", "aten.select", "aten.narrow", "aten.split", "aten.split_with_sizes", "aten.chunk", "aten.unbind",
            "aten.diagonal", "aten.as_strided", "aten.unfold");

    private final Map<String, String> memory = new HashMap<>();
    private final Map<String, String> tensor = new HashMap<>();

    /** Notes what an operation makes of its first tensor. */
    void made(String output, String operator, boolean inPlace, String input) {
        boolean same = inPlace || SAME.contains(operator);
        if (same || VIEWS.contains(operator)) {
            memory.put(output, memory.computeIfAbsent(input, i -> i));
            String inputTensor = tensor.computeIfAbsent(input, i -> i);
            tensor.put(output, same ? inputTensor : output);
        }
    }

    /** The other names of the very tensor. */
    List<String> same(String name) {
        return tensor.keySet().stream()
                .filter(other -> !other.equals(name) && tensor.get(other).equals(tensor.get(name))).toList();
    }

    /** Names of other tensors in the same memory. */
    List<String> views(String name) {
        return memory.keySet().stream().filter(other -> memory.get(other).equals(memory.get(name))
                && !tensor.get(other).equals(tensor.get(name))).toList();
    }
}
