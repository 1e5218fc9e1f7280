package quantscope.format.checkpoint;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.state.ElementType;

/**
 * What a pickle describes, as plain data. Containers are compared by identity and never walked in depth: a few bytes can
 * describe one that holds itself, or an exponential number of paths.
 */
sealed interface Pickled {

    /** Python's None. */
    record Nothing() implements Pickled { }

    record Bool(boolean value) implements Pickled { }

    record Whole(BigInteger value) implements Pickled {

        /** Out of a long's range it is that range's end, which no size or place can have. */
        long clamped() {
            return value.bitLength() < Long.SIZE ? value.longValue()
                    : value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    record Real(double value) implements Pickled { }

    record Text(String value) implements Pickled { }

    /** A list, tuple or set. */
    final class Items implements Pickled {

        private List<Pickled> items = List.of();

        List<Pickled> items() {
            return Collections.unmodifiableList(items);
        }

        void addAll(List<Pickled> more) {
            if (items.isEmpty()) {
                items = new ArrayList<>(more.size());
            }
            items.addAll(more);
        }
    }

    /** A dict or OrderedDict, in its order; only texts as keys are kept, since names are all that is looked for. */
    final class Table implements Pickled {

        private Map<String, Pickled> entries = Map.of();
        private boolean holdsTensors;

        Map<String, Pickled> entries() {
            return Collections.unmodifiableMap(entries);
        }

        /** Whether a tensor was ever put into it. */
        boolean holdsTensors() {
            return holdsTensors;
        }

        void put(Pickled key, Pickled value) {
            if (key instanceof Text text) {
                if (entries.isEmpty()) {
                    entries = new LinkedHashMap<>(4);
                }
                entries.put(text.value(), value);
                holdsTensors |= value instanceof Tensor;
            }
        }
    }

    /** A class or function that the pickle names; only known harmless ones get this far. */
    record Global(String module, String name) implements Pickled {

        String path() {
            return module + "." + name;
        }
    }

    /**
     * A stretch of elements that lies outside of the pickle.
     *
     * @param key      names it
     * @param elements that it has
     * @param offset   of its first element in what the key names, in elements; 0 but for views of very old files
     */
    record Storage(String key, ElementType type, long elements, long offset) implements Pickled { }

    /** A view of a storage, sizes not checked yet. */
    final class Tensor implements Pickled {

        private final Storage storage;
        private final ElementType type;
        private final long offset;
        private final long[] sizes;
        private final long[] strides;

        /** @param type in which the storage's bytes are read; offset and strides count elements of it */
        Tensor(Storage storage, ElementType type, long offset, long[] sizes, long[] strides) {
            this.storage = storage;
            this.type = type;
            this.offset = offset;
            this.sizes = sizes.clone();
            this.strides = strides.clone();
        }

        Storage storage() {
            return storage;
        }

        ElementType type() {
            return type;
        }

        long offset() {
            return offset;
        }

        long[] sizes() {
            return sizes.clone();
        }

        long[] strides() {
            return strides.clone();
        }
    }

    /** Something harmless that the program has no use for: bytes, a device, a NumPy number. */
    final class Other implements Pickled { }
}
