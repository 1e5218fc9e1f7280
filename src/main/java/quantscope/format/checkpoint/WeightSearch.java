package quantscope.format.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.state.StateDict;

/** Finds the weights in what a checkpoint holds: a dict of tensors, by itself or under a usual name in another dict. */
final class WeightSearch {

    private static final List<String> USUAL = List.of("state_dict", "model_state_dict", "model_state", "model", "net",
            "network", "weights", "params", "module");
    private static final int DEEPEST = 2;

    private WeightSearch() { }

    /**
     * @param place   of the dict in the file, "" or for example "state_dict"
     * @param tensors by name
     */
    record Found(String place, Map<String, Pickled.Tensor> tensors) { }

    /** @throws NoWeightsException saying what the file holds instead */
    static Found find(Pickled root) throws NoWeightsException {
        if (root instanceof Pickled.Table table) {
            return find("", table, DEEPEST);
        }
        throw new NoWeightsException("holds " + switch (root) {
            case Pickled.Tensor _ -> "one tensor without a name";
            case Pickled.Items _ -> "a list";
            default -> "no dict";
        } + ", expected a dict of tensors; save torch.save(model.state_dict(), \"weights.pth\")");
    }

    private static Found find(String place, Pickled.Table table, int depth) throws NoWeightsException {
        for (String name : USUAL) {
            if (table.entries().get(name) instanceof Pickled.Table inner && depth > 0 && holdsTensors(inner, depth - 1)) {
                return find(place.isEmpty() ? name : place + "." + name, inner, depth - 1);
            }
        }
        Map<String, Pickled.Tensor> tensors = new LinkedHashMap<>();
        List<String> dicts = new ArrayList<>();
        table.entries().forEach((name, value) -> {
            if (value instanceof Pickled.Tensor tensor) {
                tensors.put(name, tensor);
            } else if (value instanceof Pickled.Table inner && depth > 0 && holdsTensors(inner, depth - 1)) {
                dicts.add(name);
            }
        });
        if (dicts.size() == 1) {
            String name = dicts.getFirst();
            return find(place.isEmpty() ? name : place + "." + name, (Pickled.Table) table.entries().get(name), depth - 1);
        }
        if (dicts.isEmpty() && !tensors.isEmpty()) {
            return new Found(place, tensors);
        }
        throw new NoWeightsException((dicts.isEmpty() ? "holds no tensors by name; its keys are "
                + StateDict.some(List.copyOf(table.entries().keySet()), 8)
                : "holds several dicts of tensors: " + StateDict.some(dicts, 8))
                + "; save torch.save(model.state_dict(), \"weights.pth\")");
    }

    /** Looks as deep as the search goes and no deeper: a dict may hold itself. */
    private static boolean holdsTensors(Pickled.Table table, int depth) {
        return table.holdsTensors() || depth > 0 && USUAL.stream().anyMatch(
                name -> table.entries().get(name) instanceof Pickled.Table inner && holdsTensors(inner, depth - 1));
    }

    /** No weights were found; the message goes on from the file's name. */
    static final class NoWeightsException extends Exception {

        private static final long serialVersionUID = 1L;

        NoWeightsException(String message) {
            super(message);
        }
    }
}
