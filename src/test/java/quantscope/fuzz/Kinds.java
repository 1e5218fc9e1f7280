package quantscope.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.UnreadableImageException;
import quantscope.export.ConfigurationException;
import quantscope.export.ConfigurationJson;
import quantscope.format.ModelFormatException;
import quantscope.ptq.Specification;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** All kinds of files that the program opens, each with good ones from the fixtures. */
public final class Kinds {

    /** Checked results of folding, the buffers of libraries. */
    static final long FREE = 96L << 20;
    /** An ONNX file may have tensors filled with one number for weights; they may take a quarter of the memory. */
    private static final long FILLED = Runtime.getRuntime().maxMemory() / 4;
    private static final int LARGEST_SEED = 100_000;

    private final Path golden;
    private final Session session;

    /**
     * @param golden  the folder of the fixtures
     * @param session opens the models
     */
    public Kinds(Path golden, Session session) {
        this.golden = golden;
        this.session = session;
    }

    public List<Kind> all() throws IOException {
        List<Mutation> bytes = ByteMutations.all();
        List<Mutation> pickles = PickleMutations.all();
        List<Mutation> zip = joined(bytes, ZipMutations.all());
        return List.of(
                model("ONNX", ".onnx", seeds("onnx", ".onnx"), joined(bytes, ProtobufMutations.all(), OnnxBombs.all())),
                model("pt2", ".pt2", seeds("pt2", ".pt2"), joined(zip, inside("", Kinds::isJson, JsonMutations.all()),
                        inside("", Kinds::isJson, Pt2Bombs.all()), inside("entry: ", name -> !isJson(name), bytes))),
                model("checkpoint", ".pth", starting("checkpoint", ".pth", true), joined(zip,
                        inside("pickle: ", Kinds::isPickle, joined(bytes, pickles, pickles)),
                        inside("entry: ", name -> !isPickle(name), bytes))),
                model("legacy checkpoint", ".pt", starting("checkpoint", ".pth", false), joined(bytes, pickles)),
                model("safetensors", ".safetensors", seeds("checkpoint", ".safetensors"), joined(bytes,
                        SafetensorsMutations.of(joined(bytes, JsonMutations.all(), JsonMutations.all())))),
                model("npz", ".npz", seeds("checkpoint", ".npz"), joined(zip, inside("array: ", name -> true, joined(bytes,
                        NpyMutations.all())))),
                new Kind("configuration", ".json", seeds("export", ".json"), joined(bytes, JsonMutations.all(),
                        JsonMutations.all()), FREE, Kinds::configuration),
                image("PNG", ".png"), image("JPEG", ".jpg"), image("BMP", ".bmp"), image("GIF", ".gif"));
    }

    private static boolean isJson(String entry) {
        return entry.endsWith(".json");
    }

    private static boolean isPickle(String entry) {
        return entry.endsWith(".pkl");
    }

    private static List<Mutation> inside(String what, Predicate<String> which, List<Mutation> mutations) {
        return ZipMutations.inside(what, which, mutations);
    }

    private Kind model(String name, String suffix, List<Input> seeds, List<Mutation> mutations) {
        return new Kind(name, suffix, seeds, mutations, name.equals("ONNX") ? FREE + FILLED : FREE, this::model);
    }

    /** Zip archives, or the others. */
    private List<Input> starting(String folder, String suffix, boolean zip) throws IOException {
        return seeds(folder, suffix).stream().filter(i -> (i.bytes()[0] == 'P' && i.bytes()[1] == 'K') == zip).toList();
    }

    private Kind image(String name, String suffix) throws IOException {
        return new Kind(name, suffix, seeds("dataset", suffix), joined(ByteMutations.all(), ImageMutations.all(),
                ImageMutations.all()), FREE, Kinds::image);
    }

    private void model(Path file) throws Kind.Refusal, IOException {
        try {
            OpenModel model = session.open(file, Progress.NONE, Cancellation.NEVER);
            session.prepare(model, Specification.EMPTY);
        } catch (ModelFormatException e) {
            throw new Kind.Refusal(e);
        }
    }

    private static void configuration(Path file) throws Kind.Refusal, IOException {
        try {
            ConfigurationJson.load(file);
        } catch (ConfigurationException e) {
            throw new Kind.Refusal(e);
        }
    }

    private static void image(Path file) throws Kind.Refusal {
        try {
            new ImageDecoder().decode(file);
        } catch (UnreadableImageException e) {
            throw new Kind.Refusal(e);
        }
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<Mutation> joined(List<Mutation>... lists) {
        return Stream.of(lists).flatMap(List::stream).toList();
    }

    /** All files of a folder of fixtures with that ending, each with those that lie beside it. */
    private List<Input> seeds(String folder, String suffix) throws IOException {
        List<Input> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(golden.resolve(folder))) {
            for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
                if (Files.size(file) <= LARGEST_SEED) {
                    inputs.add(new Input(Files.readAllBytes(file), external(file)));
                }
            }
        }
        return inputs;
    }

    private static Map<String, byte[]> external(Path file) throws IOException {
        Map<String, byte[]> beside = new TreeMap<>();
        if (file.toString().endsWith(".onnx")) {
            try (Stream<Path> files = Files.list(file.getParent())) {
                files.filter(f -> f.toString().endsWith(".data") || f.toString().endsWith("weights.bin"))
                        .forEach(f -> beside.put(f.getFileName().toString(), bytes(f)));
            }
        }
        return beside;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
