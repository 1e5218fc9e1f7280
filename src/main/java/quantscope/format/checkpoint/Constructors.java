package quantscope.format.checkpoint;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ElementType;

/**
 * The classes and functions that a checkpoint may name, and what becomes of them: tensors and containers as plain data, a
 * few harmless others as nothing of use. Every other name is refused.
 */
final class Constructors {

    private static final String REBUILD = "torch._utils._rebuild_tensor";
    private static final String REBUILD_V2 = "torch._utils._rebuild_tensor_v2";
    private static final String REBUILD_V3 = "torch._utils._rebuild_tensor_v3";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String PARAMETER_STATE = "torch._utils._rebuild_parameter_with_state";
    private static final String SUBCLASS = "torch._tensor._rebuild_from_type_v2";
    private static final Set<String> FUNCTIONS =
            Set.of(REBUILD, REBUILD_V2, REBUILD_V3, PARAMETER, PARAMETER_STATE, SUBCLASS);
    private static final Set<String> TABLES = Set.of("collections.OrderedDict", "collections.defaultdict",
            "collections.Counter", "builtins.dict", "__builtin__.dict");
    private static final Set<String> ITEMS = Set.of("torch.Size", "builtins.set", "__builtin__.set", "builtins.frozenset",
            "__builtin__.frozenset", "builtins.list", "__builtin__.list");
    /** Numbers and names that stand beside the weights: of no use here, and nothing is made of them. */
    private static final Set<String> UNUSED = Set.of("torch.device", "torch.Tensor", "torch.nn.parameter.Parameter",
            "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode",
            "builtins.int", "builtins.float", "builtins.complex", "__builtin__.complex", "builtins.bytearray",
            "__builtin__.bytearray");
    private static final int MOST_AXES = 16;

    private final Map<String, Pickled.Storage> storages = new HashMap<>();
    private long copied;

    /** All storages that were referred to, by their keys. */
    Map<String, Pickled.Storage> storages() {
        return Collections.unmodifiableMap(storages);
    }

    /** @throws ModelFormatException for a name that is not on the list */
    Pickled.Global global(PickleInput in, String module, String name) throws ModelFormatException {
        Pickled.Global global = new Pickled.Global(module, name);
        String path = global.path();
        if (FUNCTIONS.contains(path) || TABLES.contains(path) || ITEMS.contains(path) || UNUSED.contains(path)
                || TorchTypes.storage(module, name).isPresent() || TorchTypes.dtype(module, name).isPresent()) {
            return global;
        }
        throw refuse(in, module, name);
    }

    ModelFormatException refuse(PickleInput in, String module, String name) {
        String advice = "save the weights alone, with torch.save(model.state_dict(), \"weights.pth\")";
        return in.error("holds " + module + "." + name + (looksLikeModule(module)
                ? ", so it seems to be a whole pickled module, which only its own Python code can open; "
                : ", which is not read: a checkpoint may hold tensors, numbers, texts and containers; ") + advice);
    }

    private static boolean looksLikeModule(String module) {
        return module.equals("__main__") || module.startsWith("torch.nn.modules.")
                || module.startsWith("torchvision.models.");
    }

    /** What a call of a known class or function gives. */
    Pickled call(PickleInput in, Pickled function, Pickled arguments) throws ModelFormatException {
        if (!(function instanceof Pickled.Global global) || !(arguments instanceof Pickled.Items items)) {
            throw in.error("calls what is no class or function; the file is damaged");
        }
        List<Pickled> list = items.items();
        return switch (global.path()) {
            case REBUILD -> tensor(in, list, Optional.empty());
            case REBUILD_V2 -> tensor(in, list, Optional.empty());
            case REBUILD_V3 -> tensor(in, list, Optional.of(dtype(in, argument(in, list, 6))));
            case PARAMETER, PARAMETER_STATE -> argument(in, list, 0);
            case SUBCLASS -> rebuilt(in, argument(in, list, 0), argument(in, list, 2));
            default -> {
                if (TABLES.contains(global.path())) {
                    yield table(in, list);
                }
                if (ITEMS.contains(global.path())) {
                    yield list.isEmpty() ? new Pickled.Items() : list.getFirst();
                }
                if (UNUSED.contains(global.path())) {
                    yield new Pickled.Other();
                }
                throw in.error("calls " + global.path() + ", which a checkpoint has no reason to; the file is damaged");
            }
        };
    }

    /** A tensor with attributes of its own, as the tensor that it is; never one inside of another, which could go on forever. */
    private Pickled rebuilt(PickleInput in, Pickled function, Pickled arguments) throws ModelFormatException {
        if (function instanceof Pickled.Global global && global.path().equals(SUBCLASS)) {
            throw in.error("a tensor is rebuilt inside of itself; the file is damaged");
        }
        return call(in, function, arguments);
    }

    /** An OrderedDict of a dict, or of a list of pairs as Python 2 wrote it. */
    private Pickled table(PickleInput in, List<Pickled> arguments) throws ModelFormatException {
        Pickled.Table table = new Pickled.Table();
        if (arguments.isEmpty() || arguments.getFirst() instanceof Pickled.Global) {
            return table;
        }
        if (arguments.getFirst() instanceof Pickled.Table given) {
            return given;
        }
        if (!(arguments.getFirst() instanceof Pickled.Items pairs)) {
            throw in.error("makes a dict of what is no dict and no list; the file is damaged");
        }
        copied += pairs.items().size();
        if (copied > in.position()) {
            throw in.error("makes dicts of one list again and again; no checkpoint does");
        }
        for (Pickled item : pairs.items()) {
            if (!(item instanceof Pickled.Items pair) || pair.items().size() != 2) {
                throw in.error("makes a dict of what is no list of pairs; the file is damaged");
            }
            table.put(pair.items().getFirst(), pair.items().getLast());
        }
        return table;
    }

    private static Pickled tensor(PickleInput in, List<Pickled> arguments, Optional<ElementType> dtype)
            throws ModelFormatException {
        if (!(argument(in, arguments, 0) instanceof Pickled.Storage storage)) {
            throw in.error("a tensor has no storage; the file is damaged");
        }
        ElementType type = dtype.orElse(storage.type());
        long offset = integer(in, argument(in, arguments, 1));
        return new Pickled.Tensor(storage, type, offset, integers(in, argument(in, arguments, 2)),
                integers(in, argument(in, arguments, 3)));
    }

    private static ElementType dtype(PickleInput in, Pickled value) throws ModelFormatException {
        if (value instanceof Pickled.Global global) {
            Optional<ElementType> type = TorchTypes.dtype(global.module(), global.name());
            if (type.isPresent()) {
                return type.get();
            }
        }
        throw in.error("a tensor's element type is none that is read; save fp32 weights");
    }

    /** A storage: ("storage", class, key, where it lived, elements), in files before PyTorch 1.6 with a view at the end. */
    Pickled persistent(PickleInput in, Pickled id) throws ModelFormatException {
        List<Pickled> parts = id instanceof Pickled.Items items ? items.items() : List.of();
        if (!parts.isEmpty() && parts.getFirst() instanceof Pickled.Text(String kind) && kind.equals("module")) {
            String name = parts.size() > 1 && parts.get(1) instanceof Pickled.Global g ? " (" + g.path() + ")" : "";
            throw in.error("is a whole pickled module" + name + ", which only its own Python code can open;"
                    + " save the weights alone, with torch.save(model.state_dict(), \"weights.pth\")");
        }
        if (parts.size() < 5 || !(parts.getFirst() instanceof Pickled.Text(String kind)) || !kind.equals("storage")
                || !(parts.get(1) instanceof Pickled.Global type) || !(parts.get(2) instanceof Pickled.Text(String key))) {
            throw in.error("refers to something that is no storage; the file is damaged");
        }
        ElementType element = TorchTypes.storage(type.module(), type.name()).orElseThrow(
                () -> in.error("a storage is of class " + type.path() + ", which is none; the file is damaged"));
        long elements = integer(in, parts.get(4));
        boolean view = parts.size() > 5 && parts.get(5) instanceof Pickled.Items;
        long offset = view ? integer(in, argument(in, ((Pickled.Items) parts.get(5)).items(), 1)) : 0;
        Pickled.Storage storage = new Pickled.Storage(key, element, elements, offset);
        storages.putIfAbsent(key, storage);
        return storage;
    }

    private static Pickled argument(PickleInput in, List<Pickled> arguments, int index) throws ModelFormatException {
        if (index >= arguments.size()) {
            throw in.error("a call has " + arguments.size() + " arguments, expected more; the file is damaged");
        }
        return arguments.get(index);
    }

    private static long[] integers(PickleInput in, Pickled value) throws ModelFormatException {
        if (!(value instanceof Pickled.Items items) || items.items().size() > MOST_AXES) {
            throw in.error("a tensor's shape or strides are no list of up to " + MOST_AXES + " numbers");
        }
        long[] values = new long[items.items().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(in, items.items().get(i));
        }
        return values;
    }

    private static long integer(PickleInput in, Pickled value) throws ModelFormatException {
        if (value instanceof Pickled.Whole whole && whole.value().signum() >= 0) {
            return whole.clamped();
        }
        throw in.error("expected a number from 0 up for a size or place; the file is damaged");
    }
}
