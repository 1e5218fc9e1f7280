package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipException;
import quantscope.format.ModelFormatException;
import quantscope.format.WeightCheck;
import quantscope.format.fold.Known;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The raw tensors of an archive, by their name in the state dict; each is read when it is first asked for. */
final class Weights implements ArchivedTensors {

    private static final long LARGEST = 1L << 31;
    private static final int CHUNK = 1 << 16;
    /** Weights of one magnitude, where somebody has deflated them, become 32 times as many bytes. */
    private static final long MOST_GROWTH = 64;
    private static final long FREE = 1 << 20;

    private final Archive archive;
    private final Map<String, Located> located = new HashMap<>();
    private final Map<String, Known> read = new HashMap<>();
    private long taken;

    private record Located(String entry, JsonNode config) { }

    /** @param model the program's name in the archive */
    Weights(Archive archive, String model) throws ModelFormatException, IOException {
        this.archive = archive;
        list("data/weights", model + "_weights_config.json");
        list("data/constants", model + "_constants_config.json");
    }

    private void list(String folder, String config) throws ModelFormatException, IOException {
        if (archive.has(folder + "/" + config)) {
            for (Map.Entry<String, JsonNode> tensor
                    : Json.read(archive, folder + "/" + config).path("config").properties()) {
                located.put(tensor.getKey(), new Located(folder + "/" + tensor.getValue().path("path_name").asText(),
                        tensor.getValue()));
            }
        }
    }

    @Override
    public Known get(String name) throws ModelFormatException, IOException {
        Known known = read.get(name);
        if (known == null) {
            known = load(name);
            read.put(name, known);
        }
        return known;
    }

    private Known load(String name) throws ModelFormatException, IOException {
        Located place = located.get(name);
        if (place == null) {
            throw new ModelFormatException(archive.file(), name, "the archive lists no such weight; export it again");
        }
        if (place.config().path("use_pickle").asBoolean()) {
            throw new ModelFormatException(archive.file(), name, "is a pickle, which could run code and is not read;"
                    + " export plain tensors");
        }
        JsonNode meta = place.config().path("tensor_meta");
        Dtype dtype = Dtype.of(meta.path("dtype").asInt(-1)).orElseThrow(() -> new ModelFormatException(
                archive.file(), name, "has element type " + meta.path("dtype") + ", expected fp32 or another of "
                + java.util.Arrays.toString(Dtype.values())));
        int[] sizes = integers(name, meta.path("sizes"));
        int[] strides = integers(name, meta.path("strides"));
        long offset = meta.path("storage_offset").path("as_int").asLong(0);
        long size = archive.size(place.entry());
        checkFits(name, sizes, strides, offset, dtype, size);
        Shape shape = Shape.of(sizes);
        taken += shape.elements() * (dtype.floating() ? Float.BYTES : Long.BYTES);
        if (taken > FREE + MOST_GROWTH * archive.fileSize()) {
            throw new ModelFormatException(archive.file(), name, "the weights so far take " + taken + " bytes, which is more"
                    + " than the file can hold: they repeat a few stored elements many times; export plain tensors");
        }
        if (!dtype.floating()) {
            ByteBuffer data = ByteBuffer.wrap(archive.bytes(place.entry(), LARGEST)).order(ByteOrder.LITTLE_ENDIAN);
            int[] positions = positions(shape, strides, (int) offset);
            long[] values = new long[positions.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = dtype.longAt(data, positions[i]);
            }
            return new Known.Longs(shape, values);
        }
        float[] values;
        if (isContiguous(sizes, strides)) {
            values = floats(place.entry(), name, dtype, offset, shape.size());
        } else {
            int[] positions = positions(shape, strides, 0);
            float[] stretch = floats(place.entry(), name, dtype, offset, span(sizes, strides));
            values = new float[positions.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = stretch[positions[i]];
            }
        }
        FloatTensor tensor = new FloatTensor(shape, values);
        WeightCheck.requireFinite(archive.file(), name, tensor);
        return Known.of(tensor);
    }

    /** Elements of an entry as fp32, through a small buffer: weights are in memory only once. */
    private float[] floats(String entry, String name, Dtype dtype, long offset, int count)
            throws ModelFormatException, IOException {
        float[] values = new float[count];
        byte[] chunk = new byte[(int) Math.min(CHUNK, (long) count * dtype.bytes())];
        ByteBuffer bytes = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
        try (InputStream in = archive.open(entry, offset * dtype.bytes())) {
            for (int done = 0; done < count;) {
                int n = Math.min(chunk.length / dtype.bytes(), count - done);
                if (in.readNBytes(chunk, 0, n * dtype.bytes()) < n * dtype.bytes()) {
                    throw new EOFException("it ends early");
                }
                if (dtype == Dtype.FLOAT32) {
                    bytes.asFloatBuffer().get(values, done, n);
                } else {
                    for (int i = 0; i < n; i++) {
                        values[done + i] = dtype.floatAt(bytes, i);
                    }
                }
                done += n;
            }
        } catch (ZipException | EOFException e) {
            throw new ModelFormatException(archive.file(), name, "its data " + entry + " are damaged ("
                    + e.getMessage() + "); export or copy the file again", e);
        }
        return values;
    }

    private static boolean isContiguous(int[] sizes, int[] strides) {
        long step = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            if (sizes[axis] != 1 && strides[axis] != step) {
                return false;
            }
            step *= sizes[axis];
        }
        return true;
    }

    /** Elements from the first to the last. */
    private static int span(int[] sizes, int[] strides) {
        int last = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 0) {
                return 0;
            }
            last = Math.addExact(last, Math.multiplyExact(sizes[axis] - 1, strides[axis]));
        }
        return last + 1;
    }

    private int[] integers(String name, JsonNode list) throws ModelFormatException {
        if (!list.isArray()) {
            throw new ModelFormatException(archive.file(), name, "has extents or strides " + list + ", expected a list");
        }
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = list.get(i).path("as_int");
            if (!value.canConvertToInt() || value.asInt() < 0) {
                throw new ModelFormatException(archive.file(), name, "has extent or stride " + list.get(i)
                        + ", expected a number from 0 up");
            }
            values[i] = value.asInt();
        }
        return values;
    }

    private void checkFits(String name, int[] sizes, int[] strides, long offset, Dtype dtype, long bytes)
            throws ModelFormatException {
        long elements = 1;
        long last = offset;
        boolean fits = sizes.length == strides.length && offset >= 0;
        for (int i = 0; fits && i < sizes.length; i++) {
            elements = Math.min(elements * sizes[i], Long.MAX_VALUE / Integer.MAX_VALUE);
            last = Math.min(last + (long) Math.max(0, sizes[i] - 1) * strides[i], Long.MAX_VALUE / 16);
        }
        // Expanded weights (stride 0) may be larger than their storage, but not absurdly.
        if (!fits || elements > LARGEST / 4 || elements > 0 && (last + 1) * dtype.bytes() > bytes
                || elements > 16 * Math.max(bytes, 1024)) {
            throw new ModelFormatException(archive.file(), name, "shape " + java.util.Arrays.toString(sizes)
                    + " with strides " + java.util.Arrays.toString(strides) + " does not fit the " + bytes
                    + " bytes stored for it; export the model again");
        }
    }

    private static int[] positions(Shape shape, int[] strides, int offset) {
        int[] positions = new int[shape.size()];
        int[] index = new int[strides.length];
        int at = offset;
        for (int i = 0; i < positions.length; i++) {
            positions[i] = at;
            for (int axis = strides.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++index[axis] < shape.dim(axis)) {
                    break;
                }
                at -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return positions;
    }
}
