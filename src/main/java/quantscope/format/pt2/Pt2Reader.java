package quantscope.format.pt2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** Reads what torch.export.save writes, from PyTorch 2.1 on. */
public final class Pt2Reader implements ModelReader {

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
        try (BackgroundDigest digest = BackgroundDigest.start(file, cancellation);
                Archive archive = Archive.open(file)) {
            Contents contents = Contents.read(archive);
            List<String> notes = new ArrayList<>();
            Graph graph = new ImportGraph(file, name(file), new Program(file, contents.program().path("graph_module")),
                    contents.tensors(), new InputShapes(file, crop(contents.extra())), notes).run(cancellation);
            progress.update(1, STEPS, "Reading");
            return new Model(file, format() + (contents.writer().isEmpty() ? "" : ", " + contents.writer()), digest.await(),
                    RecognizeBinary.apply(graph), contents.extra(), notes);
        }
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
