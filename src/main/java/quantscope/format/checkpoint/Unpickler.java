package quantscope.format.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.ModelFormatException;

/**
 * Reads one pickle of protocol 0 to 5 into plain data (opcodes: CPython's Lib/pickletools.py). Classes and functions are
 * names that {@link Constructors} knows or refuses; none is ever looked up or called.
 *
 * <p>Every opcode takes a byte at least and makes one object at most, so memory is bounded by the pickle's length.
 */
final class Unpickler {

    private static final int NEWEST_PROTOCOL = 5;
    private static final int MOST_OPCODES = 2_000_000;
    private static final int LONGEST_NUMBER = 1024;

    private final PickleInput in;
    private final Constructors constructors;
    private final List<Pickled> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Pickled> memo = new HashMap<>();

    Unpickler(PickleInput in, Constructors constructors) {
        this.in = in;
        this.constructors = constructors;
    }

    /**
     * Reads up to the pickle's end and no further.
     *
     * @throws ModelFormatException naming the byte where it is damaged, or a class that is not read
     */
    Pickled read() throws ModelFormatException, IOException {
        for (int opcodes = 0; opcodes < MOST_OPCODES; opcodes++) {
            int opcode = in.u8();
            if (opcode == '.') {
                return pop();
            }
            apply(opcode);
        }
        throw in.error("has more than " + MOST_OPCODES + " operations, no checkpoint has so many");
    }

    private void apply(int opcode) throws ModelFormatException, IOException {
        switch (opcode) {
            case 0x80 -> protocol(in.u8());
            case 0x95 -> in.i64();
            case '(' -> marks.add(stack.size());
            case '0' -> pop();
            case '1' -> popToMark();
            case '2' -> push(peek());
            case 'N' -> push(new Pickled.Nothing());
            case 0x88 -> push(new Pickled.Bool(true));
            case 0x89 -> push(new Pickled.Bool(false));
            case 'I' -> push(integerLine(in.line()));
            case 'L' -> push(longLine(in.line()));
            case 'J' -> push(whole(in.i32()));
            case 'K' -> push(whole(in.u8()));
            case 'M' -> push(whole(in.u16()));
            case 0x8a -> push(whole(in.u8(), "LONG1"));
            case 0x8b -> push(whole(in.i32(), "LONG4"));
            case 'F' -> push(realLine(in.line()));
            case 'G' -> push(new Pickled.Real(in.f64()));
            case 'S' -> push(new Pickled.Text(unquoted(in.line())));
            case 'V' -> push(new Pickled.Text(in.line()));
            case 'T' -> push(new Pickled.Text(in.text(in.u32(), StandardCharsets.UTF_8)));
            case 'U' -> push(new Pickled.Text(in.text(in.u8(), StandardCharsets.UTF_8)));
            case 'X' -> push(new Pickled.Text(in.text(in.u32(), StandardCharsets.UTF_8)));
            case 0x8c -> push(new Pickled.Text(in.text(in.u8(), StandardCharsets.UTF_8)));
            case 0x8d -> push(new Pickled.Text(in.text(in.i64(), StandardCharsets.UTF_8)));
            case 'B' -> skipBytes(in.u32());
            case 'C' -> skipBytes(in.u8());
            case 0x8e, 0x96 -> skipBytes(in.i64());
            case ')', ']', 0x8f -> push(new Pickled.Items());
            case 't', 'l', 0x91 -> push(items(popToMark()));
            case 0x85 -> push(items(List.of(pop())));
            case 0x86 -> push(items(List.of(pop(), pop()).reversed()));
            case 0x87 -> push(items(List.of(pop(), pop(), pop()).reversed()));
            case 'a' -> append(List.of(pop()));
            case 'e', 0x90 -> append(popToMark());
            case '}' -> push(new Pickled.Table());
            case 'd' -> {
                List<Pickled> entries = popToMark();
                push(new Pickled.Table());
                put(entries);
            }
            case 's' -> put(List.of(pop(), pop()).reversed());
            case 'u' -> put(popToMark());
            case 'g' -> push(known(number(in.line())));
            case 'h' -> push(known(in.u8()));
            case 'j' -> push(known(in.u32()));
            case 'p' -> memo.put(number(in.line()), peek());
            case 'q' -> memo.put((long) in.u8(), peek());
            case 'r' -> memo.put(in.u32(), peek());
            case 0x94 -> memo.put((long) memo.size(), peek());
            case 'c' -> push(constructors.global(in, in.line(), in.line()));
            case 0x93 -> stackGlobal();
            case 'R', 0x81 -> {
                Pickled arguments = pop();
                push(constructors.call(in, pop(), arguments));
            }
            case 'b' -> {
                // State beside what was constructed: OrderedDict's _metadata and the like.
                pop();
                peek();
            }
            case 'Q' -> push(constructors.persistent(in, pop()));
            case 'i' -> throw constructors.refuse(in, in.line(), in.line());
            case 'o', 0x92, 'P', 0x82, 0x83, 0x84, 0x97, 0x98 -> throw in.error("opcode 0x"
                    + Integer.toHexString(opcode) + " has no place in a checkpoint; save torch.save(model.state_dict(), ...)");
            default -> throw in.error("0x" + Integer.toHexString(opcode)
                    + " is no opcode of a pickle; the file is damaged");
        }
    }

    private void protocol(int version) throws ModelFormatException {
        if (version > NEWEST_PROTOCOL) {
            throw in.error("pickle protocol " + version + ", expected 0 to " + NEWEST_PROTOCOL);
        }
    }

    private void push(Pickled value) {
        stack.add(value);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    private Pickled peek() throws ModelFormatException {
        if (stack.size() <= floor()) {
            throw in.error("takes more values than it has; the file is damaged");
        }
        return stack.getLast();
    }

    private Pickled pop() throws ModelFormatException {
        Pickled top = peek();
        stack.removeLast();
        return top;
    }

    private List<Pickled> popToMark() throws ModelFormatException {
        if (marks.isEmpty()) {
            throw in.error("lacks a mark; the file is damaged");
        }
        List<Pickled> above = stack.subList(marks.removeLast(), stack.size());
        List<Pickled> copy = List.copyOf(above);
        above.clear();
        return copy;
    }

    private static Pickled.Items items(List<Pickled> values) {
        Pickled.Items items = new Pickled.Items();
        items.addAll(values);
        return items;
    }

    private void append(List<Pickled> values) throws ModelFormatException {
        switch (peek()) {
            case Pickled.Items items -> items.addAll(values);
            case Pickled.Other _ -> { }
            default -> throw in.error("appends to what is no list; the file is damaged");
        }
    }

    private void put(List<Pickled> keysAndValues) throws ModelFormatException {
        if (keysAndValues.size() % 2 != 0) {
            throw in.error("a key has no value; the file is damaged");
        }
        Pickled target = peek();
        if (!(target instanceof Pickled.Table table)) {
            if (target instanceof Pickled.Other) {
                return;
            }
            throw in.error("puts an entry into what is no dict; the file is damaged");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            table.put(keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }

    private Pickled known(long index) throws ModelFormatException {
        Pickled value = memo.get(index);
        if (value == null) {
            throw in.error("recalls value " + index + ", which was not kept; the file is damaged");
        }
        return value;
    }

    private void stackGlobal() throws ModelFormatException {
        Pickled name = pop();
        Pickled module = pop();
        if (!(name instanceof Pickled.Text n) || !(module instanceof Pickled.Text m)) {
            throw in.error("names a class by what is no text; the file is damaged");
        }
        push(constructors.global(in, m.value(), n.value()));
    }

    private void skipBytes(long count) throws ModelFormatException, IOException {
        in.skip(count);
        push(new Pickled.Other());
    }

    private static Pickled.Whole whole(long value) {
        return new Pickled.Whole(BigInteger.valueOf(value));
    }

    /** Two's complement, little-endian. */
    private Pickled.Whole whole(long bytes, String opcode) throws ModelFormatException, IOException {
        if (bytes < 0 || bytes > LONGEST_NUMBER) {
            throw in.error(opcode + " of " + bytes + " bytes, expected at most " + LONGEST_NUMBER);
        }
        byte[] little = in.bytes(bytes);
        byte[] big = new byte[little.length + 1];
        for (int i = 0; i < little.length; i++) {
            big[big.length - 1 - i] = little[i];
        }
        big[0] = (byte) (little.length > 0 && little[little.length - 1] < 0 ? -1 : 0);
        return new Pickled.Whole(new BigInteger(big));
    }

    private Pickled integerLine(String line) throws ModelFormatException {
        return switch (line) {
            case "00" -> new Pickled.Bool(false);
            case "01" -> new Pickled.Bool(true);
            default -> longLine(line);
        };
    }

    private Pickled longLine(String line) throws ModelFormatException {
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        try {
            return new Pickled.Whole(new BigInteger(digits));
        } catch (NumberFormatException e) {
            throw in.error("\"" + line + "\" is no integer; the file is damaged");
        }
    }

    private Pickled realLine(String line) throws ModelFormatException {
        try {
            return new Pickled.Real(Double.parseDouble(line));
        } catch (NumberFormatException e) {
            throw in.error("\"" + line + "\" is no number; the file is damaged");
        }
    }

    private long number(String line) throws ModelFormatException {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw in.error("\"" + line + "\" is no index; the file is damaged");
        }
    }

    /** Protocol 0 writes Python 2's strings with quotes; escapes inside have no place in the names of weights. */
    private static String unquoted(String line) {
        boolean quoted = line.length() > 1 && line.charAt(0) == line.charAt(line.length() - 1);
        return quoted ? line.substring(1, line.length() - 1) : line;
    }
}
