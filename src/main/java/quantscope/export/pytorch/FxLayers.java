package quantscope.export.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.Prepared;

/**
 * Where the layers of a model are found when FX traces it: modules by path and use, functions by kind and order. A file
 * that keeps no modules has the names of the Net that {@link PyTorchExporter} writes, in which every layer is a module.
 */
final class FxLayers {

    /** A place in a traced model. */
    sealed interface Place {

        /** The network's input. */
        record Input() implements Place { }

        /** @param use 0 for the module's first call */
        record Module(String path, int use) implements Place { }

        /**
         * @param kind  of {@link FxFunctions}
         * @param index among all calls of the kind, in running order
         * @param scope path of the module that calls it
         * @param order among the scope's calls of the kind
         */
        record Function(String kind, int index, String scope, int order) implements Place { }
    }

    private final boolean modules;
    private final Prepared prepared;
    private final Map<String, Place> places = new LinkedHashMap<>();

    FxLayers(Prepared prepared) {
        this.prepared = prepared;
        modules = prepared.source().layers().stream().anyMatch(n -> n.origin().module().isPresent());
        Map<String, String> names = Python.identifiers(
                prepared.graph().nodes().stream().map(Node::name).toList());
        Map<String, Integer> calls = new HashMap<>();
        for (Node node : prepared.source().nodes()) {
            if (node.op() instanceof Op.Input) {
                places.put(node.name(), new Place.Input());
            } else if (isModule(node)) {
                places.put(node.name(), node.origin().module().map(m -> new Place.Module(m.path(), m.use()))
                        .orElseGet(() -> new Place.Module(names.get(node.name()), 0)));
            } else {
                FxFunctions.kind(node.op()).ifPresent(kind -> {
                    String scope = scope(node);
                    places.put(node.name(), new Place.Function(kind, calls.merge(kind, 1, Integer::sum) - 1, scope,
                            calls.merge(scope + "|" + kind, 1, Integer::sum) - 1));
                });
            }
        }
    }

    /** Whether the file keeps the modules of a model of PyTorch's. */
    boolean ofUsersModel() {
        return modules;
    }

    Optional<Place> place(String layer) {
        return Optional.ofNullable(places.get(layer));
    }

    /** All layers that are calls of one module. */
    List<String> callsOf(String path) {
        List<String> calls = new ArrayList<>();
        places.forEach((layer, place) -> {
            if (place instanceof Place.Module m && m.path().equals(path)) {
                calls.add(layer);
            }
        });
        return Collections.unmodifiableList(calls);
    }

    private boolean isModule(Node node) {
        if (isArithmetic(node) || isFloatFunctional(node)) {
            return false;
        }
        return modules ? !node.origin().functional() && node.origin().module().isPresent()
                : !(node.op() instanceof Op.Flatten || node.op() instanceof Op.Reshape || node.op() instanceof Op.Constant
                        || isPartOfAddRelu(node));
    }

    private static boolean isArithmetic(Node node) {
        return node.op() instanceof Op.Add || node.op() instanceof Op.Mul || node.op() instanceof Op.Concat;
    }

    /** FX sees through a FloatFunctional: its add_relu is two functions, called by the module that has it. */
    private static boolean isFloatFunctional(Node node) {
        return !node.origin().functional()
                && node.origin().module().filter(m -> m.simpleClassName().equals("FloatFunctional")).isPresent();
    }

    private boolean isPartOfAddRelu(Node node) {
        return prepared.source().find(prepared.firstOfGroup(node.name())).filter(n -> n.op() instanceof Op.Add).isPresent();
    }

    private static String scope(Node node) {
        String path = node.origin().module().map(ModuleUse::path).orElse("");
        return isFloatFunctional(node) ? path.substring(0, Math.max(0, path.lastIndexOf('.'))) : path;
    }
}
