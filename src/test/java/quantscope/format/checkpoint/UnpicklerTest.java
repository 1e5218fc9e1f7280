package quantscope.format.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import quantscope.format.ModelFormatException;

class UnpicklerTest {

    private static Pickled read(byte[] pickle) throws Exception {
        PickleInput in = new PickleInput(Path.of("net.pth"), "data.pkl", new ByteArrayInputStream(pickle), pickle.length);
        return new Unpickler(in, new Constructors()).read();
    }

    private static String refusal(byte[] pickle) {
        return assertThrows(ModelFormatException.class, () -> read(pickle)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"posix, system", "builtins, eval", "__builtin__, exec", "os, system", "subprocess, Popen", "numpy, load",
        "torch.storage, _load_from_bytes", "functools, partial", "builtins, getattr", "torch, load",
        "collections, OrderedDict.__init__", "numpy.core.multiarray, _reconstruct"})
    void otherClassesAreRefusedByName(String module, String name) {
        String call = refusal(new PickleBytes().global(module, name).text("touch pwned").op(0x85).op('R').stop());
        assertTrue(call.startsWith("net.pth: data.pkl, byte "), call);
        assertTrue(call.contains(module + "." + name) && call.contains("torch.save(model.state_dict()"), call);
        String stacked = refusal(new PickleBytes().text(module).text(name).op(0x93).op(')').op(0x81).stop());
        assertTrue(stacked.contains(module + "." + name), stacked);
        PickleBytes instance = new PickleBytes().op('(').op('i');
        (module + "\n" + name + "\n").chars().forEach(instance::raw);
        assertTrue(refusal(instance.stop()).contains(module + "." + name));
    }

    @Test
    void modulesAreRefusedWithAdvice() {
        String message = refusal(new PickleBytes().global("torchvision.models.resnet", "ResNet").op(')').op(0x81).stop());
        assertTrue(message.contains("torchvision.models.resnet.ResNet") && message.contains("whole pickled module")
                && message.contains("torch.save(model.state_dict(), \"weights.pth\")"), message);
    }

    @Test
    void numbersTextsAndContainersAreRead() throws Exception {
        PickleBytes pickle = new PickleBytes().op(']').op('(').number(-3).op(0x8a).raw(2, 0x00, 0x80).op('M').raw(1, 2)
                .op('G').raw(0x3f, 0xf8, 0, 0, 0, 0, 0, 0).oldText("a").op(0x88).op('N').op('}').text("k").number(1).op('s')
                .op('e');
        List<Pickled> items = assertInstanceOf(Pickled.Items.class, read(pickle.stop())).items();
        assertEquals(new Pickled.Whole(BigInteger.valueOf(-3)), items.get(0));
        assertEquals(new Pickled.Whole(BigInteger.valueOf(-32768)), items.get(1));
        assertEquals(new Pickled.Whole(BigInteger.valueOf(513)), items.get(2));
        assertEquals(new Pickled.Real(1.5), items.get(3));
        assertEquals(new Pickled.Text("a"), items.get(4));
        assertEquals(new Pickled.Bool(true), items.get(5));
        assertEquals(Set.of("k"), assertInstanceOf(Pickled.Table.class, items.get(7)).entries().keySet());
    }

    @Test
    void textProtocolIsRead() throws Exception {
        byte[] pickle = "(lp0\nI01\naF2.5\naL7L\naS'x'\nag0\na.".getBytes(StandardCharsets.US_ASCII);
        List<Pickled> items = assertInstanceOf(Pickled.Items.class, read(pickle)).items();
        assertEquals(new Pickled.Bool(true), items.get(0));
        assertEquals(new Pickled.Real(2.5), items.get(1));
        assertEquals(new Pickled.Whole(BigInteger.valueOf(7)), items.get(2));
        assertEquals(new Pickled.Text("x"), items.get(3));
        assertEquals(items, assertInstanceOf(Pickled.Items.class, items.get(4)).items(), "a list may hold itself");
    }

    @Test
    void orderedDictsOfPairsAreRead() throws Exception {
        byte[] pickle = new PickleBytes().global("collections", "OrderedDict").op(']').op('(')
                .op(']').op('(').oldText("b").number(1).op('e').op(']').op('(').oldText("a").number(2).op('e').op('e')
                .op(0x85).op('R').stop();
        assertEquals(List.of("b", "a"),
                List.copyOf(assertInstanceOf(Pickled.Table.class, read(pickle)).entries().keySet()));
    }

    @Test
    void lengthsAreHeldAgainstTheFile() {
        for (byte[] pickle : List.of(new PickleBytes().op(0x8d).i64(Long.MAX_VALUE).stop(),
                new PickleBytes().op(0x8d).i64(-1).stop(), new PickleBytes().op('X').i32(0xfffffff0L).stop(),
                new PickleBytes().op('T').i32(0x7fffffffL).stop(), new PickleBytes().op(0x8e).i64(1L << 40).stop(),
                new PickleBytes().op(0x96).i64(-5).stop())) {
            assertTrue(refusal(pickle).contains("are left"));
        }
        assertTrue(refusal(new PickleBytes().op(0x8b).i32(0x7fffffffL).stop()).contains("LONG4"));
        assertTrue(refusal(new PickleBytes().op(0x8b).i32(-4).stop()).contains("LONG4"));
    }

    @Test
    void memoPlacesTakeNoMemory() throws Exception {
        assertInstanceOf(Pickled.Nothing.class, read(new PickleBytes().op('N').op('r').i32(0xffffffffL).stop()));
        assertTrue(refusal(new PickleBytes().op('j').i32(5).stop()).contains("recalls value 5"));
    }

    @Test
    void deepNestingIsRead() throws Exception {
        PickleBytes pickle = new PickleBytes().op(']');
        for (int i = 0; i < 300_000; i++) {
            pickle.op(0x85);
        }
        assertInstanceOf(Pickled.Items.class, read(pickle.stop()));
    }

    @Test
    void exponentialListsAreNotWalked() {
        PickleBytes pickle = new PickleBytes().op(']');
        for (int i = 0; i < 10_000; i++) {
            pickle.op('2').op(0x86);
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            read(pickle.stop());
        });
    }

    @Test
    void oneListIsNotCopiedAgainAndAgain() {
        PickleBytes pickle = new PickleBytes().op(']').op('(');
        for (int i = 0; i < 1000; i++) {
            pickle.op('K').raw(1).op('N').op(0x86);
        }
        pickle.op('e').op('q').raw(0).op('0').global("collections", "OrderedDict").op('q').raw(1);
        for (int i = 0; i < 1000; i++) {
            pickle.op('h').raw(1).op('h').raw(0).op(0x85).op('R');
        }
        assertTrue(refusal(pickle.stop()).contains("again and again"));
    }

    @Test
    void tensorsInsideOfThemselvesAreRefused() {
        PickleBytes pickle = new PickleBytes().global("torch._tensor", "_rebuild_from_type_v2").op('q').raw(0)
                .op('(').op('h').raw(0).op('N').op(']').op('t').op('R');
        assertTrue(refusal(pickle.stop()).contains("inside of itself"));
    }

    @Test
    void whatIsNoPickleSaysWhere() {
        assertTrue(refusal(new byte[] {(byte) 0x80, 2, (byte) 0xfe}).contains("byte 3: 0xfe is no opcode"));
        assertTrue(refusal(new byte[] {'.'}).contains("takes more values than it has"));
        assertTrue(refusal(new byte[] {'(', 'N', 't', 't'}).contains("lacks a mark"));
        assertTrue(refusal(new byte[] {'N'}).contains("cut off"));
        assertTrue(refusal(new byte[] {(byte) 0x80, 9}).contains("protocol 9"));
        assertTrue(refusal("I12x\n.".getBytes(StandardCharsets.US_ASCII)).contains("no integer"));
        assertTrue(refusal(new PickleBytes().op('N').op('N').op('R').stop()).contains("calls what is no class"));
    }
}
