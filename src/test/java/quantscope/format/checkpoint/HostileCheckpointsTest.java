package quantscope.format.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.format.Hostile;
import quantscope.format.StateDictFiles;
import quantscope.graph.Graph;
import quantscope.graph.Op;

class HostileCheckpointsTest {

    @TempDir
    Path folder;
    private Hostile hostile;

    @BeforeEach
    void create() {
        hostile = new Hostile(new CheckpointReader(), folder.resolve("hostile.pth"));
    }

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(StateDictFiles.FOLDER.resolve(name));
    }

    /** A zip checkpoint with one storage, of 16 bytes. */
    private static byte[] zip(byte[] pickle) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/data.pkl", pickle);
        entries.put("a/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        entries.put("a/data/0", new byte[16]);
        return Hostile.zip(entries);
    }

    private static PickleBytes tensor(int elements, int offset, int[] sizes, int[] strides) {
        return new PickleBytes().op('}').text("w").tensor("0", elements, offset, sizes, strides).op('s');
    }

    @ParameterizedTest
    @ValueSource(strings = {"alexnet.pth", "alexnet-legacy.pth"})
    void truncatedFilesAreSurvived(String name) throws Exception {
        hostile.surviveCuts(fixture(name), 197);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alexnet-training.pth.tar", "xnor-alexnet.pth.tar", "alexnet-views-legacy.pth", "whole-module.pth"})
    void flippedBitsAreSurvived(String name) throws Exception {
        hostile.surviveFlips(fixture(name), 120, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alexnet-training.pth.tar", "alexnet-views.pth", "alexnet-protocol4.pth"})
    void damagedPicklesAreSurvived(String name) throws Exception {
        Random random = new Random(8);
        Map<String, byte[]> entries = Hostile.entries(StateDictFiles.FOLDER.resolve(name));
        String pickle = entries.keySet().stream().filter(n -> n.endsWith("/data.pkl")).findFirst().orElseThrow();
        for (int i = 0; i < 150; i++) {
            Map<String, byte[]> damaged = new LinkedHashMap<>(entries);
            byte[] bytes = entries.get(pickle).clone();
            for (int k = 0; k <= i % 4; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            damaged.put(pickle, bytes);
            hostile.survive(Hostile.zip(damaged), name + " round " + i);
        }
    }

    @Test
    void aWholeModuleIsRefusedWithAdvice() throws Exception {
        String message = hostile.refusal(fixture("whole-module.pth"));
        assertTrue(message.contains("torch.nn.modules.container.Sequential") && message.contains("whole pickled module")
                && message.contains("torch.save(model.state_dict(), \"weights.pth\")"), message);
        String legacy = hostile.refusal(legacy(new PickleBytes().op('(').text("module").global("torch", "Size")
                .text("net.py").text("source").op('t').op('Q').stop()));
        assertTrue(legacy.contains("whole pickled module"), legacy);
    }

    @Test
    void codeIsRefusedByName() throws Exception {
        byte[] pickle = new PickleBytes().global("posix", "system").text("touch pwned").op(0x85).op('R').stop();
        assertTrue(hostile.refusal(zip(pickle)).contains("posix.system"));
        assertTrue(hostile.refusal(legacy(pickle)).contains("posix.system"));
        assertTrue(hostile.refusal(pickle).contains("posix.system"));
    }

    @Test
    void viewsBeyondTheirStorageAreRefused() throws Exception {
        int huge = Integer.MAX_VALUE;
        for (PickleBytes pickle : new PickleBytes[] {tensor(4, 0, new int[] {5}, new int[] {1}),
            tensor(4, 4, new int[] {1}, new int[] {1}), tensor(4, huge, new int[] {1}, new int[] {1}),
            tensor(4, 0, new int[] {2, 2}, new int[] {3, 1}), tensor(4, 0, new int[] {huge, huge, huge}, new int[] {1, 1, 1}),
            tensor(4, 0, new int[] {2}, new int[] {huge}), tensor(4, 0, new int[] {huge, huge}, new int[] {0, 0}),
            tensor(4, 0, new int[] {2}, new int[] {1, 1})}) {
            String message = hostile.refusal(zip(pickle.stop()));
            assertTrue(message.contains("w: "), message);
        }
        assertTrue(hostile.refusal(zip(tensor(5, 0, new int[] {1}, new int[] {1}).stop())).contains("should have 5 elements"));
        assertTrue(hostile.refusal(zip(new PickleBytes().op('}').text("w")
                .tensor("9", 4, 0, new int[] {4}, new int[] {1}).op('s').stop())).contains("storage 9 is not in the file"));
        assertTrue(hostile.refusal(zip(tensor(4, -1, new int[] {1}, new int[] {1}).stop())).contains("from 0 up"));
    }

    @Test
    void aFewElementsRepeatedEndlesslyAreRefusedBeforeMemoryIsTaken() throws Exception {
        PickleBytes pickle = new PickleBytes().op('}').op('(');
        int[][] shapes = {{40000, 3, 11, 11}, {40000}, {8, 40000, 5, 5}, {8}, {8, 8, 3, 3}, {8}, {8, 8, 3, 3}, {8}, {8, 8, 3, 3},
            {8}, {8, 288}, {8}, {8, 8}, {8}, {8, 8}, {8}};
        int[] modules = {0, 3, 6, 8, 10};
        for (int i = 0; i < shapes.length; i++) {
            String module = i < 10 ? "features." + modules[i / 2] : "classifier." + new int[] {1, 4, 6}[(i - 10) / 2];
            pickle.text(module + (i % 2 == 0 ? ".weight" : ".bias"))
                    .tensor("0", 4, 0, shapes[i], new int[shapes[i].length]);
        }
        String message = hostile.refusal(zip(pickle.op('u').stop()));
        assertTrue(message.contains("repeat a few stored elements"), message);
    }

    @Test
    void dictsThatHoldEachOtherEnd() throws Exception {
        PickleBytes pickle = new PickleBytes().op('}').op('q').raw(0);
        for (int i = 0; i < 20_000; i++) {
            pickle.text(i % 2 == 0 ? "state_dict" : "k" + i).op('h').raw(0).op('s');
        }
        assertTrue(hostile.refusal(zip(pickle.stop())).contains("holds no tensors by name"));
    }

    @Test
    void notANumberInAWeightIsNamed() throws Exception {
        Map<String, byte[]> entries = Hostile.entries(StateDictFiles.FOLDER.resolve("alexnet.pth"));
        entries.replaceAll((name, bytes) -> {
            byte[] copy = bytes.clone();
            Arrays.fill(copy, 0, name.endsWith("/data/2") ? 4 : 0, (byte) 0xff);
            return copy;
        });
        String message = hostile.refusal(Hostile.zip(entries));
        assertTrue(message.contains("features.3.weight") && message.contains("NaN"), message);
    }

    @Test
    void bigEndianStoragesGiveTheSameWeights() throws Exception {
        Map<String, byte[]> entries = Hostile.entries(StateDictFiles.FOLDER.resolve("alexnet.pth"));
        entries.replaceAll((name, bytes) -> name.endsWith("byteorder") ? "big".getBytes(StandardCharsets.US_ASCII)
                : name.contains("/data/") ? swapped(bytes) : bytes);
        Path file = Files.write(folder.resolve("big.pth"), Hostile.zip(entries));
        assertArrayEquals(weight(StateDictFiles.open("alexnet.pth").graph()), weight(StateDictFiles.open(file).graph()));
    }

    private static float[] weight(Graph graph) {
        return ((Op.Linear) graph.node("classifier.4").op()).weight().data();
    }

    private static byte[] swapped(byte[] floats) {
        ByteBuffer out = ByteBuffer.allocate(floats.length);
        for (int i = 0; i < floats.length; i += 4) {
            out.putInt(ByteBuffer.wrap(floats).order(ByteOrder.LITTLE_ENDIAN).getInt(i));
        }
        return out.array();
    }

    @Test
    void otherKindsOfFilesAreToldApart() throws Exception {
        assertTrue(hostile.refusal(Hostile.zip(Map.of("a/data.pkl", new byte[] {'N', '.'}, "a/constants.pkl", new byte[1])))
                .contains("TorchScript"));
        assertTrue(hostile.refusal("<html>not found</html>".getBytes(StandardCharsets.UTF_8)).contains("no checkpoint"));
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        assertTrue(hostile.refusal(tar).contains("is a tar"));
        assertTrue(hostile.refusal(zip(new PickleBytes().number(1).stop())).contains("expected a dict of tensors"));
        assertTrue(hostile.refusal(zip(new PickleBytes().op('}').text("epoch").number(1).op('s').stop()))
                .contains("its keys are epoch"));
        assertTrue(hostile.refusal(new PickleBytes().op('}').stop()).contains("torch.save did not write"));
    }

    @Test
    void legacyStoragesAreHeldAgainstTheFile() throws Exception {
        PickleBytes pickle = tensor(4, 0, new int[] {4}, new int[] {1});
        assertTrue(hostile.refusal(legacy(pickle.stop(), 4)).contains("more than are left"));
        assertTrue(hostile.refusal(legacy(tensor(4, 0, new int[] {4}, new int[] {1}).stop(), -1)).contains("has -1 elements"));
        byte[] bigEndian = legacy(new PickleBytes().op('}').stop());
        String text = new String(bigEndian, StandardCharsets.ISO_8859_1);
        bigEndian[text.indexOf("little_endian") + "little_endian".length()] = (byte) 0x89;
        assertTrue(hostile.refusal(bigEndian).contains("big-endian"));
    }

    /** What Python 2 and PyTorch 0.4 wrote: byte strings, _rebuild_tensor, an OrderedDict of pairs, a view of a storage. */
    @Test
    void checkpointsOfPython2AreRead() throws Exception {
        PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict").op(']').op('(').op(']').op('(')
                .oldText("w").global("torch._utils", "_rebuild_tensor").op('(')
                .op('(').oldText("storage").global("torch.cuda", "FloatStorage").oldText("77").oldText("cuda:0").number(4)
                .op('(').oldText("view").number(1).number(2).op('t').op('t').op('Q')
                .number(1).tuple(1).tuple(1).op('t').op('R').op('e').op('e').op(0x85).op('R');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(legacy(pickle.stop(), "77", 4));
        bytes.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).putFloat(2).putFloat(3)
                .putFloat(4).array());
        Path file = Files.write(folder.resolve("old.pth"), bytes.toByteArray());
        try (var channel = java.nio.channels.FileChannel.open(file)) {
            assertArrayEquals(new float[] {3}, Checkpoint.read(file, channel).weights().load("w").data());
        }
    }

    private static byte[] legacy(byte[] pickle, long... elements) {
        return legacy(pickle, "0", elements);
    }

    /** The old form, with one storage for each number of elements, whose elements are left to the caller. */
    private static byte[] legacy(byte[] pickle, String key, long... elements) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new PickleBytes().op(0x8a).raw(10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).stop());
        out.writeBytes(new PickleBytes().op('M').raw(0xe9, 0x03).stop());
        out.writeBytes(new PickleBytes().op('}').oldText("little_endian").op(0x88).op('s').stop());
        out.writeBytes(pickle);
        PickleBytes keys = new PickleBytes().op(']');
        for (int i = 0; i < elements.length; i++) {
            keys.text(key).op('a');
        }
        out.writeBytes(keys.stop());
        for (long n : elements) {
            out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(n).array());
        }
        return out.toByteArray();
    }
}
