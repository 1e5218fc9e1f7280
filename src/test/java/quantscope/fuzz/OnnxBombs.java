package quantscope.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Small ONNX models that mean very much: long chains, values used twice over and over, constants of enormous sizes. */
final class OnnxBombs {

    private static final int INTS = 7;
    private static final int INT64 = 7;

    private OnnxBombs() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("bombs", (file, others, random) -> bomb(random)));
    }

    private static byte[] bomb(Random random) {
        int many = 1 << random.nextInt(15);
        int extent = 1 << random.nextInt(26);
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        String last = "x";
        switch (random.nextInt(9)) {
            case 0 -> last = chain(graph, many, "Relu", "%s", random);
            case 1 -> last = chain(graph, Math.min(many, 100), "Add", "%s %s", random);
            case 2 -> last = chain(graph, Math.min(many, 100), "Concat", "%s %s", random, integer("axis", random.nextInt(4)));
            case 3 -> {
                // Known values that double, or are many.
                message(graph, 5, tensor("n", extent));
                node(graph, "fill", "ConstantOfShape", "n", "c0");
                for (int i = 0; i < Math.min(many, 200); i++) {
                    boolean doubles = random.nextBoolean();
                    node(graph, "k" + i, doubles ? "Concat" : "ConstantOfShape", doubles ? "c" + i + " c" + i : "n", "c" + (i + 1),
                            integer("axis", 0));
                }
                node(graph, "add", "Add", "x c" + Math.min(many, 200), "y");
                last = "y";
            }
            case 4 -> {
                message(graph, 5, tensor("n", random.nextInt(300), extent, random.nextInt(1000)));
                node(graph, "expand", random.nextBoolean() ? "Expand" : "Reshape", "x n", "y");
                last = "y";
            }
            case 5 -> {
                node(graph, "pool", random.nextBoolean() ? "MaxPool" : "AveragePool", "x", "y",
                        ints("kernel_shape", Interesting.number(random), Interesting.number(random)),
                        ints("pads", 0, Interesting.number(random), Interesting.number(random), 0),
                        ints("strides", Interesting.number(random), 1), ints("dilations", 1, Interesting.number(random)));
                last = "y";
            }
            case 6 -> {
                node(graph, "join", "Concat", "x ".repeat(many).strip(), "y", integer("axis", 1));
                last = "y";
            }
            case 7 -> {
                // The same name for all, and readers before their makers.
                for (int i = many; i > 0; i--) {
                    node(graph, "same", "Relu", i == 1 ? "x" : "v" + (i - 1), "v" + i);
                }
                last = "v" + many;
            }
            default -> {
                message(graph, 5, tensor("start", 0));
                message(graph, 5, tensor("limit", Interesting.number(random)));
                message(graph, 5, tensor("step", random.nextInt(3)));
                node(graph, "range", "Range", "start limit step", "r");
                node(graph, "tile", "Tile", "r limit", "t");
                node(graph, "add", "Add", "x t", "y");
                last = "y";
            }
        }
        ByteArrayOutputStream shape = new ByteArrayOutputStream();
        for (long dim : new long[] {1, 3, 8, 8}) {
            message(shape, 1, number(1, dim));
        }
        byte[] type = joined(number(1, 1), field(2, shape.toByteArray()));
        message(graph, 11, joined(text(1, "x"), field(2, field(1, type))));
        message(graph, 12, text(1, last));
        return joined(number(1, 8), field(7, graph.toByteArray()), field(8, number(2, 17)));
    }

    private static String chain(ByteArrayOutputStream graph, int many, String operator, String inputs, Random random,
                                byte[]... attributes) {
        String last = "x";
        for (int i = 0; i < many; i++) {
            node(graph, random.nextInt(100) == 0 ? "" : "n" + i, operator, inputs.replace("%s", last), "v" + i, attributes);
            last = "v" + i;
        }
        return last;
    }

    private static void node(ByteArrayOutputStream graph, String name, String operator, String inputs, String output,
                             byte[]... attributes) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        for (String input : inputs.split(" ")) {
            node.writeBytes(text(1, input));
        }
        node.writeBytes(joined(text(2, output), text(3, name), text(4, operator)));
        for (byte[] attribute : attributes) {
            message(node, 5, attribute);
        }
        message(graph, 1, node.toByteArray());
    }

    private static byte[] tensor(String name, long... values) {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        for (long value : values) {
            byte[] bytes = new byte[Long.BYTES];
            ByteMutations.put(bytes, 0, bytes.length, value, false);
            raw.writeBytes(bytes);
        }
        return joined(number(1, values.length), number(2, INT64), text(8, name), field(9, raw.toByteArray()));
    }

    private static byte[] integer(String name, long value) {
        return joined(text(1, name), number(3, value), number(20, 2));
    }

    private static byte[] ints(String name, long... values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text(1, name));
        for (long value : values) {
            out.writeBytes(number(8, value));
        }
        out.writeBytes(number(20, INTS));
        return out.toByteArray();
    }

    private static void message(ByteArrayOutputStream out, int number, byte[] content) {
        out.writeBytes(field(number, content));
    }

    private static byte[] text(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[] content) {
        return joined(ProtobufMutations.head(number, content.length), content);
    }

    private static byte[] number(int number, long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProtobufMutations.varint(out, (long) number << 3);
        ProtobufMutations.varint(out, value);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        return ByteMutations.joined(parts);
    }
}
