package quantscope.format.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an ONNX file holds, as far as it is of use here: the messages of onnx.proto as records.
 *
 * @param opsets    version by domain; the standard operators' domain is empty
 * @param functions names of the model's own operators, with their domain
 * @param metadata  metadata_props
 */
record OnnxFile(String producer, String producerVersion, Map<String, Long> opsets, List<String> functions,
                Map<String, String> metadata, Optional<GraphPart> graph) {

    record GraphPart(String name, List<NodePart> nodes, List<TensorPart> initializers, List<ValuePart> inputs,
                     List<ValuePart> outputs, List<ValuePart> values) { }

    /** @param index in the file's order */
    record NodePart(int index, String name, String operator, String domain, List<String> inputs,
                    List<String> outputs, Map<String, AttributePart> attributes, Map<String, String> metadata) {

        /** For messages: the name, or else the first output, with the operator. */
        String place() {
            String own = !name.isEmpty() ? name : outputs.isEmpty() ? "node " + index : outputs.getFirst();
            return own + " (" + operator + ")";
        }
    }

    /** An attribute of any kind; what it does not hold is empty or 0. */
    record AttributePart(String name, long type, float number, long integer, String text, List<Float> floats,
                         List<Long> integers, Optional<TensorPart> tensor, boolean holdsGraph) { }

    /**
     * A tensor whose elements still lie in the file.
     *
     * @param raw      raw_data, little-endian
     * @param typed    float_data, int32_data, int64_data, double_data or uint64_data, by field number
     * @param external external_data's keys and values, where the elements lie in another file
     */
    record TensorPart(String name, List<Long> dims, int type, Optional<Wire.Span> raw,
                      Map<Integer, List<Wire.Span>> typed, Map<String, String> external, boolean isExternal) { }

    /** @param dims of a tensor; -1 is an extent left open; empty where the file does not say */
    record ValuePart(String name, int type, Optional<List<Long>> dims) { }
}
