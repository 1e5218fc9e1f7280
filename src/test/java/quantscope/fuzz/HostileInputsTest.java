package quantscope.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.Sessions;
import quantscope.fuzz.Kind.Refusal;

/** A short run of what the fuzz command does at length, always with the same files. */
class HostileInputsTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final int INPUTS = 2200;
    /** Processor time is not asserted here; what hangs is found nevertheless. */
    private static final double ANY_TIME = Double.MAX_VALUE;

    @TempDir
    Path folder;

    @Test
    void hostileFilesOfEveryKindAreOpenedOrRefusedByName() throws Exception {
        List<Kind> kinds = new Kinds(GOLDEN, Sessions.session()).all();
        Campaign.Report report = new Campaign(kinds, folder, ANY_TIME).run(INPUTS, 1, 5);
        assertEquals(List.of(), report.wrong());
        assertEquals(INPUTS, report.opened() + report.refused());
        assertTrue(report.opened() > INPUTS / 20 && report.refused() > INPUTS / 4, "mutations that are too weak or too strong:\n"
                + report.table());
    }

    @Test
    void theSameSeedGivesTheSameFile() throws Exception {
        for (Kind kind : new Kinds(GOLDEN, Sessions.session()).all()) {
            for (long seed = 0; seed < 40; seed++) {
                assertArrayEquals(kind.mutated(seed).input().bytes(),
                        kind.mutated(seed).input().bytes(), kind.name() + ", seed " + seed);
            }
        }
    }

    @Test
    void whatMustNotBeIsFound() throws Exception {
        Input any = Input.of(new byte[100]);
        Mutation none = Mutation.of("none", (file, others, random) -> file);
        byte[][] kept = new byte[1][];
        Kind throwing = new Kind("throwing", ".a", List.of(any), List.of(none), Kinds.FREE, file -> {
            throw new IllegalStateException("a bug");
        });
        Kind recursive = new Kind("recursive", ".b", List.of(any), List.of(none), Kinds.FREE, HostileInputsTest::recurse);
        Kind nameless = new Kind("nameless", ".c", List.of(any), List.of(none), Kinds.FREE, file -> {
            throw new Refusal(new Exception("something is wrong"));
        });
        Kind large = new Kind("large", ".d", List.of(any), List.of(none), Kinds.FREE, file -> kept[0] = new byte[200 << 20]);
        List<String> wrong = new Campaign(List.of(throwing, recursive, nameless, large), folder, ANY_TIME).run(4, 0, 9).wrong();
        assertEquals(4, wrong.size(), String.join("\n", wrong));
        assertTrue(wrong.get(0).contains("a bug") && wrong.get(1).contains("StackOverflowError")
                && wrong.get(2).contains("does not name the file") && wrong.get(3).contains("allocates"), String.join("\n", wrong));
    }

    private static void recurse(Path file) throws Refusal, IOException {
        recurse(file);
        recurse(file);
    }
}
