package quantscope.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import quantscope.graph.Graph;

/**
 * A model as it was read.
 *
 * @param file     where from
 * @param format   what it is, with versions: "ONNX, opset 17, made by pytorch 2.13.0"
 * @param sha256   of the file (and of external data after it), 64 lower-case hex digits
 * @param graph    the network, for one image: where the file leaves the batch open or fixes it, it is 1 here;
 *                 parameter-only sub-graphs folded, binarized layers recognised
 * @param metadata texts that the file carries beside the network: ONNX metadata_props, .pt2 extra files without
 *                 their ".json"; the keys "preprocessing" and "class_names" are read by the program
 * @param notes    what the user should know: what was folded, skipped, not supported
 */
public record Model(Path file, String format, String sha256, Graph graph, Map<String, String> metadata,
                    List<String> notes) {

    public Model {
        Objects.requireNonNull(file);
        Objects.requireNonNull(format);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(graph);
        metadata = Map.copyOf(metadata);
        notes = List.copyOf(notes);
    }
}
