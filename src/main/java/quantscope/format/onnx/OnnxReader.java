package quantscope.format.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import quantscope.format.BackgroundDigest;
import quantscope.format.Digest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.ModelReader;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.RecognizeBinary;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * Reads ONNX files, operator set 7 and newer, with weights inside or as external data beside the file. Weights are
 * fp32 in memory, once; half and double precision are converted.
 */
public final class OnnxReader implements ModelReader {

    private static final int OLDEST_OPSET = 7;
    private static final int HEAD = 3;

    @Override
    public String format() {
        return "ONNX (.onnx)";
    }

    @Override
    public boolean matches(Path file) throws IOException {
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            // ir_version, a small number, then producer, domain or graph.
            return head.length == HEAD && head[0] == 0x08 && head[1] > 0 && head[1] < 32
                    && (head[2] == 0x12 || head[2] == 0x1a || head[2] == 0x22 || head[2] == 0x3a);
        }
    }

    @Override
    public Model read(Path file, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        progress.update(0, 0, "Reading " + file.getFileName());
        try (BackgroundDigest digest = BackgroundDigest.start(file, cancellation)) {
            return read(file, digest, progress, cancellation);
        }
    }

    private static Model read(Path file, BackgroundDigest digest, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        OnnxFile model = FileParser.parse(file, cancellation);
        OnnxFile.GraphPart part = model.graph().orElseThrow(() -> new ModelFormatException(file, "",
                "holds no graph; it is no ONNX model or is cut off, export or copy it again"));
        long opset = model.opsets().getOrDefault("", 0L);
        if (opset < OLDEST_OPSET || opset > Integer.MAX_VALUE) {
            throw new ModelFormatException(file, "opset_import", "operator set " + opset + " of the standard"
                    + " operators, expected 7 or newer; convert the model with onnx.version_converter");
        }
        List<String> notes = new ArrayList<>();
        ExternalData external = new ExternalData(file);
        TensorLoader loader = new TensorLoader(file, external);
        GraphImport imported = new GraphImport(file, model, part, opset, loader, notes);
        Graph first = imported.run(progress, cancellation);
        if (imported.hasNoBatch()) {
            notes.clear();
            first = new GraphImport(file, model, part, opset, loader, notes).whole().run(progress, cancellation);
        }
        Graph graph = RecognizeBinary.apply(first);
        long binary = graph.nodes().stream().filter(OnnxReader::isBinary).count();
        if (binary > 0) {
            notes.add(binary + " binary layers were recognised: a sign before weights of one magnitude per channel.");
        }
        return new Model(file, describe(model, opset), sha256(file, external, digest, cancellation), graph,
                model.metadata(), notes);
    }

    private static String sha256(Path file, ExternalData external, BackgroundDigest ofFile, Cancellation cancellation)
            throws ModelFormatException, IOException {
        if (external.used().isEmpty()) {
            return ofFile.await();
        }
        // The file itself is small where its weights lie beside it.
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(external.used());
        String sha256 = Digest.sha256(files, cancellation);
        external.requireCurrent();
        return sha256;
    }

    private static boolean isBinary(Node node) {
        return node.op() instanceof Op.BinaryConv2d || node.op() instanceof Op.BinaryLinear;
    }

    private static String describe(OnnxFile model, long opset) {
        String maker = (model.producer() + " " + model.producerVersion()).strip();
        return "ONNX opset " + opset + (maker.isEmpty() ? "" : ", made by " + maker);
    }
}
