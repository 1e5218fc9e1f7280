package quantscope.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import quantscope.export.onnx.GraphOnnx;
import quantscope.graph.Graph;
import quantscope.tensor.FloatTensor;

/**
 * ONNX Runtime's CPU provider with all its graph optimizations. Its own changes of layout (Transpose, ReorderInput,
 * ReorderOutput) count for the whole network and for no layer.
 */
final class OnnxRuntime implements Contender {

    private static final int PROFILED_RUNS = 4;
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
    private static final String TIME = "_kernel_time";
    /** What the optimizer puts around the name of a node when it fuses it or changes its layout. */
    private static final Pattern REWRITTEN = Pattern.compile("(?:fused )?(.*?)(?:_nchwc|_token_\\d+)*");

    private final Graph graph;
    private final byte[] model;
    private final int threads;
    private final OrtSession session;
    private FloatBuffer planes = FloatBuffer.allocate(0);

    OnnxRuntime(Graph graph, int threads) {
        this.graph = graph;
        this.model = GraphOnnx.bytes(graph);
        this.threads = threads;
        this.session = session(null);
    }

    private OrtSession session(Path profile) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            if (profile != null) {
                options.enableProfiling(profile.toString());
            }
            return ENVIRONMENT.createSession(model, options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String name() {
        return "ONNX Runtime " + ENVIRONMENT.getVersion();
    }

    @Override
    public float[] run(List<FloatTensor> images) {
        return run(session, images);
    }

    private float[] run(OrtSession session, List<FloatTensor> images) {
        int each = images.getFirst().data().length;
        if (planes.capacity() < each * images.size()) {
            planes = ByteBuffer.allocateDirect(4 * each * images.size()).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }
        planes.clear();
        images.forEach(i -> planes.put(i.data()));
        planes.flip();
        int[] dims = images.getFirst().shape().toArray();
        try (OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, planes,
                new long[] {images.size(), dims[1], dims[2], dims[3]});
             OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), input))) {
            FloatBuffer answers = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[answers.remaining()];
            answers.get(values);
            return values;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Map<String, Double> layerMillis(List<FloatTensor> images) {
        try {
            Path prefix = Files.createTempFile("profile", "");
            Map<String, Double> millis = new LinkedHashMap<>();
            try (OrtSession profiled = session(prefix)) {
                for (int i = 0; i < PROFILED_RUNS; i++) {
                    run(profiled, images);
                }
                Path file = Path.of(profiled.endProfiling());
                for (JsonNode event : new ObjectMapper().readTree(file.toFile())) {
                    String name = event.path("name").asText();
                    if (event.path("cat").asText().equals("Node") && name.endsWith(TIME)) {
                        // The last run counts: the first ones are cold.
                        millis.put(name.substring(0, name.length() - TIME.length()),
                                event.path("dur").asDouble() / 1000);
                    }
                }
                Files.delete(file);
            }
            Files.delete(prefix);
            return Layers.sums(graph, millis, OnnxRuntime::original);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String original(String rewritten) {
        Matcher matcher = REWRITTEN.matcher(rewritten);
        return matcher.matches() ? matcher.group(1) : rewritten;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
