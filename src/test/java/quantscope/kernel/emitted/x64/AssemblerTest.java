package quantscope.kernel.emitted.x64;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Bytes against those of the GNU assembler; make_encodings.py beside the fixture made them. */
class AssemblerTest {

    private static final Path FIXTURE = Path.of("src/test/resources/golden/x64/encodings.tsv");

    private static List<String[]> cases() throws IOException {
        return Files.readAllLines(FIXTURE).stream().map(line -> line.split("\t")).toList();
    }

    @Test
    void everyInstructionIsEncodedAsTheGnuAssemblerDoes() throws IOException {
        List<Executable> checks = new ArrayList<>();
        for (String[] line : cases()) {
            checks.add(() -> assertEquals(line[1], encode(line[0]), line[0]));
        }
        assertTrue(checks.size() > 2000);
        assertAll(checks);
    }

    @Test
    void everyVectorInstructionIsInTheFixture() throws IOException {
        Set<String> seen = cases().stream().flatMap(line -> Arrays.stream(line[0].split(" "))).collect(Collectors.toSet());
        // These have notations of their own: shift and signs.
        seen.addAll(Set.of(Op.VPSRLW.name(), Op.VMOVMSKPS.name(), Op.VPMOVMSKB.name()));
        List<Op> missing = Arrays.stream(Op.values()).filter(op -> !seen.contains(op.name())).toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void jumpsAreShortBackwardsWhereTheyReachAndLongForwards() {
        Assembler a = new Assembler();
        Label start = new Label();
        Label end = new Label();
        a.bind(start);
        a.jump(Condition.LESS, end);
        a.jump(Condition.NOT_EQUAL, start);
        for (int i = 0; i < 60; i++) {
            a.vzeroupper();
        }
        a.jump(start);
        a.jump(Condition.ABOVE_EQUAL, start);
        a.bind(end);
        a.ret();
        String nothing = "c5f877".repeat(60);
        assertEquals("0f8cc1000000" + "75f8" + nothing + "e93fffffff" + "0f8339ffffff" + "c3",
                HexFormat.of().formatHex(a.code()));
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        Assembler a = new Assembler();
        assertThrows(IllegalArgumentException.class, () -> a.emit(Op.VPXOR, Vec.zmm(1), Vec.zmm(2), Vec.zmm(3)));
        assertThrows(IllegalArgumentException.class, () -> Mem.at(Gp.RAX, Gp.RSP, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Mem.at(Gp.RAX, Gp.RCX, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> new Vec(32, 512));
        a.jump(new Label());
        assertThrows(IllegalStateException.class, a::code);
    }

    private static String encode(String line) {
        String[] parts = line.split(" ");
        Assembler a = new Assembler();
        if (parts[0].chars().noneMatch(Character::isUpperCase)) {
            general(a, parts);
        } else {
            vector(a, Op.valueOf(parts[0]), Arrays.asList(parts).subList(1, parts.length));
        }
        return HexFormat.of().formatHex(a.code());
    }

    private static void vector(Assembler a, Op op, List<String> operands) {
        Mask mask = Mask.NONE;
        List<Object> of = new ArrayList<>();
        for (String operand : operands) {
            if (operand.equals("b")) {
                mask = Mask.BROADCAST;
            } else if (operand.startsWith("k")) {
                int k = operand.charAt(1) - '0';
                mask = operand.endsWith("z") ? Mask.zeroing(k) : Mask.merging(k);
            } else {
                of.add(operand(operand));
            }
        }
        switch (of.size()) {
            case 4 -> a.emit(op, (Vec) of.get(0), (Vec) of.get(1), (Vec) of.get(2), (Integer) of.get(3));
            case 3 -> {
                switch (of.get(2)) {
                    case Integer n when of.get(1) instanceof Mem m -> a.emit(op, (Vec) of.get(0), m, n);
                    case Vec v -> a.emit(op, (Vec) of.get(0), (Vec) of.get(1), v, mask);
                    case Mem m -> a.emit(op, (Vec) of.get(0), (Vec) of.get(1), m, mask);
                    case Integer n -> a.emit(op, (Vec) of.get(0), (Vec) of.get(1), n);
                    default -> throw new AssertionError(of);
                }
            }
            case 2 -> {
                if (of.get(1) instanceof Mem m) {
                    a.emit(op, (Vec) of.get(0), m, mask);
                } else {
                    a.emit(op, (Vec) of.get(0), (Vec) of.get(1));
                }
            }
            default -> throw new AssertionError(of);
        }
    }

    private static void general(Assembler a, String[] p) {
        switch (p[0]) {
            case "mov" -> a.mov(gp(p[1]), gp(p[2]));
            case "load" -> a.mov(gp(p[1]), (Mem) operand(p[2]));
            case "store" -> a.mov((Mem) operand(p[2]), gp(p[1]));
            case "load32" -> a.mov32(gp(p[1]), (Mem) operand(p[2]));
            case "store32" -> a.mov32((Mem) operand(p[2]), gp(p[1]));
            case "movi" -> a.mov(gp(p[1]), (Integer) operand(p[2]));
            case "lea" -> a.lea(gp(p[1]), (Mem) operand(p[2]));
            case "add" -> a.add(gp(p[1]), (Integer) operand(p[2]));
            case "sub" -> a.sub(gp(p[1]), (Integer) operand(p[2]));
            case "and" -> a.and(gp(p[1]), (Integer) operand(p[2]));
            case "cmp" -> a.cmp(gp(p[1]), (Integer) operand(p[2]));
            case "addr" -> a.add(gp(p[1]), gp(p[2]));
            case "cmpr" -> a.cmp(gp(p[1]), gp(p[2]));
            case "push" -> a.push(gp(p[1]));
            case "pop" -> a.pop(gp(p[1]));
            case "prefetch" -> a.prefetcht0((Mem) operand(p[1]));
            case "prefetch1" -> a.prefetcht1((Mem) operand(p[1]));
            case "kmovw" -> a.kmovw((Mem) operand(p[1]), (Integer) operand(p[2]));
            case "compare" -> a.compare(Op.valueOf(p[1]), (Integer) operand(p[2]), (Vec) operand(p[3]),
                    (Mem) operand(p[4]), (Integer) operand(p[5]));
            case "compare256" -> a.emit(Op.valueOf(p[1]), (Vec) operand(p[2]), (Vec) operand(p[3]), (Mem) operand(p[4]),
                    (Integer) operand(p[5]));
            case "signs" -> a.moveSigns(gp(p[1]), (Vec) operand(p[2]));
            case "bytesigns" -> a.moveByteSigns(gp(p[1]), (Vec) operand(p[2]));
            case "store8" -> a.mov8((Mem) operand(p[2]), gp(p[1]));
            case "kmov" -> a.kmovd((Integer) operand(p[1]), gp(p[2]));
            case "shift" -> a.shiftRightWords((Vec) operand(p[1]), (Vec) operand(p[2]), (Integer) operand(p[3]));
            case "ret" -> a.ret();
            case "vzeroupper" -> a.vzeroupper();
            case "cpuid" -> a.cpuid();
            case "xgetbv" -> a.xgetbv();
            default -> throw new AssertionError(p[0]);
        }
    }

    private static Object operand(String text) {
        if (text.startsWith("#")) {
            return Integer.valueOf(text.substring(1));
        }
        if (text.startsWith("[")) {
            String[] parts = text.substring(1, text.length() - 1).split(",");
            Optional<Gp> index = parts[1].equals("-") ? Optional.empty() : Optional.of(gp(parts[1]));
            return new Mem(gp(parts[0]), index, Integer.parseInt(parts[2]), Integer.parseInt(parts[3]));
        }
        int bits = Map.of('x', 128, 'y', 256, 'z', 512).get(text.charAt(0));
        return new Vec(Integer.parseInt(text.substring(1)), bits);
    }

    private static Gp gp(String name) {
        return Gp.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
