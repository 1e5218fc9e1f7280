package quantscope.format.onnx;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.onnx.OnnxFile.AttributePart;
import quantscope.format.onnx.OnnxFile.GraphPart;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.format.onnx.OnnxFile.TensorPart;
import quantscope.format.onnx.OnnxFile.ValuePart;
import quantscope.task.Cancellation;

/** Reads the messages of an ONNX file; field numbers are those of onnx.proto. */
final class FileParser {

    private final Wire wire;

    private FileParser(Wire wire) {
        this.wire = wire;
    }

    /** @throws ModelFormatException when the bytes are no ONNX file */
    static OnnxFile parse(Path file, Cancellation cancellation) throws ModelFormatException, IOException {
        long size = Files.size(file);
        if (size > Integer.MAX_VALUE) {
            throw new ModelFormatException(file, "", "has " + size + " bytes, expected less than 2 GiB, which is what"
                    + " ONNX files can hold; save the weights as external data");
        }
        try (InputStream in = Files.newInputStream(file)) {
            Wire wire = new Wire(in, (int) size, cancellation);
            try {
                return new FileParser(wire).model();
            } catch (InvalidProtocolBufferException e) {
                throw new ModelFormatException(file, "byte " + wire.position(),
                        "is not ONNX or is damaged: " + e.getMessage().replaceFirst("\\.$", "") + "; export or copy the file again", e);
            }
        }
    }

    private OnnxFile model() throws IOException {
        String[] producer = {"", ""};
        Map<String, Long> opsets = new HashMap<>();
        List<String> functions = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<GraphPart> graphs = new ArrayList<>();
        wire.fields((field, tag) -> {
            switch (field) {
                case 2 -> producer[0] = wire.text(tag);
                case 3 -> producer[1] = wire.text(tag);
                case 7 -> graphs.add(graph(tag));
                case 8 -> opset(tag, opsets);
                case 14 -> entry(tag, metadata);
                case 25 -> functions.add(function(tag));
                default -> wire.skip(tag);
            }
        });
        return new OnnxFile(producer[0], producer[1], opsets, functions, metadata,
                graphs.isEmpty() ? Optional.empty() : Optional.of(graphs.getLast()));
    }

    private void opset(int message, Map<String, Long> opsets) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> domain[0] = wire.text(tag);
                case 2 -> version[0] = wire.integer(tag);
                default -> wire.skip(tag);
            }
        });
        opsets.put(domain[0].equals("ai.onnx") ? "" : domain[0], version[0]);
    }

    private void entry(int message, Map<String, String> to) throws IOException {
        String[] entry = {"", ""};
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> entry[0] = wire.text(tag);
                case 2 -> entry[1] = wire.text(tag);
                default -> wire.skip(tag);
            }
        });
        to.put(entry[0], entry[1]);
    }

    private String function(int message) throws IOException {
        String[] name = {"", ""};
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> name[0] = wire.text(tag);
                case 10 -> name[1] = wire.text(tag) + ":";
                default -> wire.skip(tag);
            }
        });
        return name[1] + name[0];
    }

    private GraphPart graph(int message) throws IOException {
        String[] name = {""};
        List<NodePart> nodes = new ArrayList<>();
        List<TensorPart> initializers = new ArrayList<>();
        List<ValuePart> inputs = new ArrayList<>();
        List<ValuePart> outputs = new ArrayList<>();
        List<ValuePart> values = new ArrayList<>();
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> nodes.add(node(tag, nodes.size()));
                case 2 -> name[0] = wire.text(tag);
                case 5 -> initializers.add(tensor(tag));
                case 11 -> inputs.add(value(tag));
                case 12 -> outputs.add(value(tag));
                case 13 -> values.add(value(tag));
                default -> wire.skip(tag);
            }
        });
        return new GraphPart(name[0], nodes, initializers, inputs, outputs, values);
    }

    private NodePart node(int message, int index) throws IOException {
        String[] texts = {"", "", ""};
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, AttributePart> attributes = new LinkedHashMap<>();
        Map<String, String> metadata = new HashMap<>();
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> inputs.add(wire.text(tag));
                case 2 -> outputs.add(wire.text(tag));
                case 3 -> texts[0] = wire.text(tag);
                case 4 -> texts[1] = wire.text(tag);
                case 5 -> {
                    AttributePart attribute = attribute(tag);
                    attributes.put(attribute.name(), attribute);
                }
                case 7 -> texts[2] = wire.text(tag);
                case 9 -> entry(tag, metadata);
                default -> wire.skip(tag);
            }
        });
        String domain = texts[2].equals("ai.onnx") ? "" : texts[2];
        return new NodePart(index, texts[0], texts[1], domain, inputs, outputs, attributes, metadata);
    }

    private AttributePart attribute(int message) throws IOException {
        String[] texts = {"", ""};
        long[] integers = {0, 0};
        float[] number = {0};
        boolean[] holdsGraph = {false};
        List<Float> floats = new ArrayList<>();
        List<Long> ints = new ArrayList<>();
        List<TensorPart> tensors = new ArrayList<>();
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> texts[0] = wire.text(tag);
                case 2 -> number[0] = wire.floating(tag);
                case 3 -> integers[0] = wire.integer(tag);
                case 4 -> texts[1] = wire.text(tag);
                case 5 -> tensors.add(tensor(tag));
                case 6, 11 -> {
                    holdsGraph[0] = true;
                    wire.skip(tag);
                }
                case 7 -> wire.floats(tag, floats);
                case 8 -> wire.integers(tag, ints);
                case 20 -> integers[1] = wire.integer(tag);
                default -> wire.skip(tag);
            }
        });
        return new AttributePart(texts[0], integers[1], number[0], integers[0], texts[1], floats, ints,
                tensors.stream().findFirst(), holdsGraph[0]);
    }

    private TensorPart tensor(int message) throws IOException {
        String[] name = {""};
        int[] type = {0};
        boolean[] external = {false};
        List<Long> dims = new ArrayList<>();
        Wire.Span[] raw = new Wire.Span[1];
        Map<Integer, List<Wire.Span>> typed = new HashMap<>();
        Map<String, String> place = new HashMap<>();
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> wire.integers(tag, dims);
                case 2 -> type[0] = (int) wire.integer(tag);
                case 4, 5, 7, 10, 11 -> typed.computeIfAbsent(field, f -> new ArrayList<>()).add(wire.span(tag));
                case 8 -> name[0] = wire.text(tag);
                case 9 -> raw[0] = wire.span(tag);
                case 13 -> entry(tag, place);
                case 14 -> external[0] = wire.integer(tag) == 1;
                default -> wire.skip(tag);
            }
        });
        return new TensorPart(name[0], dims, type[0], Optional.ofNullable(raw[0]), typed, place, external[0]);
    }

    private ValuePart value(int message) throws IOException {
        String[] name = {""};
        int[] type = {0};
        List<List<Long>> shape = new ArrayList<>();
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> name[0] = wire.text(tag);
                case 2 -> wire.message(tag, (kind, kindTag) -> {
                    if (kind == 1) {
                        tensorType(kindTag, type, shape);
                    } else {
                        wire.skip(kindTag);
                    }
                });
                default -> wire.skip(tag);
            }
        });
        return new ValuePart(name[0], type[0], shape.stream().findFirst());
    }

    private void tensorType(int message, int[] type, List<List<Long>> shape) throws IOException {
        wire.message(message, (field, tag) -> {
            switch (field) {
                case 1 -> type[0] = (int) wire.integer(tag);
                case 2 -> {
                    List<Long> dims = new ArrayList<>();
                    wire.message(tag, (part, partTag) -> {
                        if (part == 1) {
                            dims.add(dimension(partTag));
                        } else {
                            wire.skip(partTag);
                        }
                    });
                    shape.add(dims);
                }
                default -> wire.skip(tag);
            }
        });
    }

    private long dimension(int message) throws IOException {
        long[] extent = {-1};
        wire.message(message, (field, tag) -> {
            if (field == 1) {
                extent[0] = wire.integer(tag);
            } else {
                wire.skip(tag);
            }
        });
        return extent[0];
    }
}
