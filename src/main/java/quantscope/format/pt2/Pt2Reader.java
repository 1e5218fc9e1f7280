package quantscope.format.pt2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import quantscope.format.BackgroundDigest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.ModelReader;
import quantscope.graph.Graph;
import quantscope.graph.RecognizeBinary;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Reads what torch.export.save writes, as PyTorch 2.9 and newer do. */
public final class Pt2Reader implements ModelReader {

    private static final String PROGRAM = "models/model.json";
    private static final long LARGEST_EXTRA = 1 << 20;
    private static final int STEPS = 2;

    @Override
    public String format() {
        return "PyTorch export archive (.pt2)";
    }

    @Override
    public boolean matches(Path file) throws IOException {
        if (!file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".pt2")) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(2);
            return magic.length < 2 || magic[0] == 'P' && magic[1] == 'K';
        }
    }

    @Override
    public Model read(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        progress.update(0, STEPS, "Reading");
        try (BackgroundDigest digest = BackgroundDigest.start(List.of(file), cancellation);
                Archive archive = Archive.open(file)) {
            checkKind(archive);
            Map<String, String> metadata = metadata(archive);
            JsonNode program = Json.read(archive, PROGRAM);
            List<String> notes = new ArrayList<>();
            Graph graph = new ImportGraph(file, name(file), new Program(file, program.path("graph_module")), new Weights(archive),
                    new InputShapes(file, crop(metadata)), notes).run(cancellation);
            progress.update(1, STEPS, "Reading");
            String sha256 = digest.await();
            String version = program.path("torch_version").asText("");
            return new Model(file, format() + (version.isEmpty() ? "" : ", PyTorch " + version), sha256,
                    RecognizeBinary.apply(graph), metadata, notes);
        }
    }

    private static void checkKind(Archive archive) throws ModelFormatException, IOException {
        if (!archive.has(PROGRAM)) {
            String found = archive.has("serialized_exported_program.json") ? "an export of PyTorch 2.8 or older"
                    : archive.has("data.pkl") ? "a pickled checkpoint, which could run code and is not read"
                    : "an archive without " + PROGRAM;
            throw new ModelFormatException(archive.file(), "", "is " + found
                    + "; export the network with torch.export.save of PyTorch 2.9 or newer");
        }
        if (archive.has("byteorder")) {
            String order = new String(archive.bytes("byteorder", 64), StandardCharsets.US_ASCII).trim();
            if (!order.equals("little")) {
                throw new ModelFormatException(archive.file(), "byteorder", "is " + order
                        + ", expected little; export it on a little-endian machine");
            }
        }
    }

    private static Map<String, String> metadata(Archive archive) throws ModelFormatException, IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (String name : archive.below("extra")) {
            String key = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
            if (archive.size("extra/" + name) <= LARGEST_EXTRA) {
                metadata.put(key, new String(archive.bytes("extra/" + name, LARGEST_EXTRA), StandardCharsets.UTF_8));
            }
        }
        return metadata;
    }

    /** The preprocessing's crop, where the file has a readable one. */
    private static Optional<int[]> crop(Map<String, String> metadata) {
        try {
            JsonNode crop = new ObjectMapper().readTree(metadata.getOrDefault("preprocessing", "{}")).path("crop");
            return crop.size() == 2 && crop.get(0).asInt() > 0 && crop.get(1).asInt() > 0
                    ? Optional.of(new int[] {crop.get(0).asInt(), crop.get(1).asInt()}) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }
}
