package quantscope.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Takes a protobuf message apart by its wire format alone and changes fields of it, or what their lengths say. */
final class ProtobufMutations {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int DEEPEST = 12;
    private static final String[] OPERATORS = {"Conv", "Gemm", "MatMul", "Reshape", "Transpose", "Expand", "ConstantOfShape", "Shape",
        "Slice", "Gather", "Concat", "Pad", "Tile", "Range", "Unsqueeze", "Squeeze", "Flatten", "Split", "Resize", "MaxPool",
        "AveragePool", "GlobalAveragePool", "BatchNormalization", "LRN", "Softmax", "Clip", "Pow", "Add", "Mul", "Div", "Cast",
        "Identity", "Dropout", "If", "Loop", "Scan", "Where", "ReduceMean", "ReduceSum", "QuantizeLinear", "DequantizeLinear",
        "QLinearConv", "ConvInteger", "Constant", "Sign", "ArgMax", "TopK", "OneHot", "EyeLike", "NonZero", "CumSum", "Size"};

    private ProtobufMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("fields", (file, others, random) -> fields(file, others, random, false)),
                Mutation.of("lying lengths", (file, others, random) -> fields(file, others, random, true)),
                Mutation.of("nesting", (file, others, random) -> nested(file, random)));
    }

    /** A field: a number, fixed bytes, bytes, or a message of fields. */
    private static final class Field {
        private long tag;
        private long number;
        private byte[] bytes = new byte[0];
        private List<Field> message = List.of();
        private long lie;
    }

    private static byte[] fields(byte[] file, List<byte[]> others, Random random, boolean lying) {
        List<Field> root = parse(file, 0, file.length, 0);
        if (root.isEmpty()) {
            return file;
        }
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            List<List<Field>> messages = new ArrayList<>();
            collect(root, messages);
            List<Field> within = messages.get(random.nextInt(messages.size()));
            if (within.isEmpty()) {
                continue;
            }
            int at = random.nextInt(within.size());
            if (lying) {
                within.get(at).lie = Interesting.number(random);
            } else {
                edit(within, at, root, others, random);
            }
        }
        return write(root);
    }

    private static void edit(List<Field> within, int at, List<Field> root, List<byte[]> others, Random random) {
        Field field = within.get(at);
        switch (random.nextInt(8)) {
            case 0 -> within.remove(at);
            case 1 -> within.add(random.nextInt(within.size()), copy(field));
            case 2 -> within.set(at, copy(any(root, random)));
            case 3 -> {
                byte[] other = others.get(random.nextInt(others.size()));
                List<Field> strange = parse(other, 0, other.length, 0);
                if (!strange.isEmpty()) {
                    within.add(at, any(strange, random));
                }
            }
            case 4 -> field.tag = (field.tag & 7) | (long) random.nextInt(30) << 3;
            default -> value(field, random);
        }
    }

    private static Field any(List<Field> root, Random random) {
        List<List<Field>> messages = new ArrayList<>();
        collect(root, messages);
        messages.removeIf(List::isEmpty);
        List<Field> from = messages.get(random.nextInt(messages.size()));
        return from.get(random.nextInt(from.size()));
    }

    /** Of its own, so that no message comes to lie in itself. */
    private static Field copy(Field field) {
        Field copy = new Field();
        copy.tag = field.tag;
        copy.number = field.number;
        copy.bytes = field.bytes;
        copy.lie = field.lie;
        copy.message = field.message.stream().map(ProtobufMutations::copy)
                .collect(Collectors.toCollection(ArrayList::new));
        return copy;
    }

    private static void value(Field field, Random random) {
        if ((field.tag & 7) != BYTES) {
            field.number = Interesting.number(random);
        } else if (random.nextInt(3) > 0) {
            String text = random.nextBoolean() ? OPERATORS[random.nextInt(OPERATORS.length)] : Interesting.text(random);
            field.bytes = text.getBytes(StandardCharsets.UTF_8);
            field.message = List.of();
        } else {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            field.bytes = noise;
            field.message = List.of();
        }
    }

    /** Graphs in attributes in graphs, or groups in groups. */
    private static byte[] nested(byte[] file, Random random) {
        int depth = 1 << random.nextInt(15);
        if (random.nextInt(3) == 0) {
            byte[] groups = new byte[depth];
            Arrays.fill(groups, (byte) (random.nextInt(16) << 3 | 3));
            return ByteMutations.joined(file, groups);
        }
        ByteArrayOutputStream nested = new ByteArrayOutputStream();
        // From the inside out, lengths grow: written backwards.
        List<byte[]> heads = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < depth && length < 200_000; i++) {
            byte[] head = head(i % 2 == 0 ? 6 : 1, length);
            heads.add(head);
            length += head.length;
        }
        heads.reversed().forEach(nested::writeBytes);
        byte[] attribute = ByteMutations.joined(head(5, length), nested.toByteArray());
        byte[] node = ByteMutations.joined(head(1, attribute.length), attribute);
        return ByteMutations.joined(file, head(7, node.length), node);
    }

    static byte[] head(int field, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, (long) field << 3 | BYTES);
        varint(out, length);
        return out.toByteArray();
    }

    private static void collect(List<Field> message, List<List<Field>> to) {
        if (to.size() > 20_000) {
            return;
        }
        to.add(message);
        message.forEach(f -> {
            if (!f.message.isEmpty()) {
                collect(f.message, to);
            }
        });
    }

    /** Empty where the bytes are no message. */
    private static List<Field> parse(byte[] bytes, int from, int to, int depth) {
        List<Field> fields = new ArrayList<>();
        int[] at = {from};
        while (at[0] < to) {
            Field field = new Field();
            field.tag = varint(bytes, at, to);
            long kind = field.tag & 7;
            if (at[0] < 0 || field.tag >>> 3 == 0 || field.tag >>> 3 > 200) {
                return List.of();
            }
            field.number = kind == VARINT || kind == BYTES ? varint(bytes, at, to) : 0;
            long length = kind == BYTES ? field.number : kind == FIXED64 ? 8 : kind == FIXED32 ? 4 : 0;
            if (at[0] < 0 || kind > BYTES && kind != FIXED32 || length < 0 || length > to - at[0]) {
                return List.of();
            }
            field.bytes = Arrays.copyOfRange(bytes, at[0], at[0] + (int) length);
            field.message = kind == BYTES && depth < DEEPEST ? parse(bytes, at[0], at[0] + (int) length, depth + 1) : List.of();
            at[0] += (int) length;
            fields.add(field);
        }
        return fields;
    }

    private static long varint(byte[] bytes, int[] at, int to) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at[0] < 0 || at[0] >= to) {
                break;
            }
            byte b = bytes[at[0]++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        at[0] = -1;
        return 0;
    }

    private static byte[] write(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            varint(out, field.tag);
            int kind = (int) field.tag & 7;
            if (kind == VARINT) {
                varint(out, field.number);
            } else if (kind == BYTES) {
                byte[] content = field.message.isEmpty() ? field.bytes : write(field.message);
                varint(out, field.lie != 0 ? field.lie : content.length);
                out.writeBytes(content);
            } else {
                byte[] fixed = Arrays.copyOf(field.bytes, kind == FIXED64 ? 8 : 4);
                if (field.number != 0) {
                    ByteMutations.put(fixed, 0, fixed.length, field.number, false);
                }
                out.writeBytes(fixed);
            }
        }
        return out.toByteArray();
    }

    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            out.write((int) (rest & 0x7f | 0x80));
        }
        out.write((int) rest);
    }
}
