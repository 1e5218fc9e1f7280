package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.checkpoint.SavedTensors;
import quantscope.format.fold.Known;
import quantscope.format.state.ByteRange;
import quantscope.format.state.ElementType;
import quantscope.format.state.StateDict;
import quantscope.tensor.FloatTensor;

/**
 * The tensors of exports up to PyTorch 2.8: a state dict and constants, each saved by torch.save, in 2.1 also constants in
 * the graph. Their pickles are read as plain data; nothing in them is called.
 */
final class PickledTensors implements ArchivedTensors {

    /** Integers are read as fp32, which holds them exactly up to here. */
    private static final float LARGEST_WHOLE = 1 << 24;

    private final Archive archive;
    private final List<StateDict> dicts;
    private final Map<String, StateDict> inGraph;

    private PickledTensors(Archive archive, List<StateDict> dicts, Map<String, StateDict> inGraph) {
        this.archive = archive;
        this.dicts = dicts;
        this.inGraph = inGraph;
    }

    /**
     * @param weights   names that the file of the state dict may have
     * @param constants names that the file of the constants may have; there need be none
     */
    static PickledTensors of(Archive archive, JsonNode program, List<String> weights, List<String> constants)
            throws ModelFormatException, IOException {
        List<StateDict> dicts = new ArrayList<>();
        dicts.add(read(archive, weights.stream().filter(archive::has).findFirst().orElse(weights.getFirst())));
        for (String entry : constants) {
            if (archive.has(entry) && archive.size(entry) > 0) {
                dicts.add(read(archive, entry));
            }
        }
        Map<String, StateDict> inGraph = new HashMap<>();
        for (Map.Entry<String, JsonNode> constant
                : program.path("graph_module").path("graph").path("constants").properties()) {
            inGraph.put(constant.getKey(), decoded(archive, constant.getKey(), constant.getValue()));
        }
        return new PickledTensors(archive, List.copyOf(dicts), inGraph);
    }

    private static StateDict read(Archive archive, String entry) throws ModelFormatException, IOException {
        return SavedTensors.read(archive.file(), entry, archive.range(entry));
    }

    private static StateDict decoded(Archive archive, String name, JsonNode base64) throws ModelFormatException, IOException {
        try {
            return SavedTensors.read(archive.file(), name,
                    new ByteRange.Held(Base64.getDecoder().decode(base64.asText())));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(archive.file(), name, "is no base64 (" + e.getMessage()
                    + "); export the model again", e);
        }
    }

    @Override
    public Known get(String name) throws ModelFormatException, IOException {
        if (inGraph.containsKey(name)) {
            return load(name, inGraph.get(name), SavedTensors.ONLY);
        }
        for (StateDict dict : dicts) {
            if (dict.names().contains(name)) {
                return load(name, dict, name);
            }
        }
        throw new ModelFormatException(archive.file(), name, "the archive holds no such weight; export it again");
    }

    private Known load(String name, StateDict dict, String key) throws ModelFormatException, IOException {
        if (!dict.names().contains(key)) {
            throw new ModelFormatException(archive.file(), name, "is no tensor; export the model again");
        }
        FloatTensor tensor = dict.load(key);
        if (floating(dict.tensors().get(key).type())) {
            return Known.of(tensor);
        }
        for (float value : tensor.data()) {
            if (Math.abs(value) > LARGEST_WHOLE) {
                throw new ModelFormatException(archive.file(), name, "holds the integer " + value
                        + ", expected none beyond 2^24; export the model with PyTorch 2.9 or newer");
            }
        }
        return Known.of(tensor).longs();
    }

    private static boolean floating(ElementType type) {
        return switch (type) {
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
            case INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, BOOL -> false;
        };
    }
}
