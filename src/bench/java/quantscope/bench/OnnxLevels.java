package quantscope.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import quantscope.export.onnx.LevelsOnnx;
import quantscope.graph.Graph;
import quantscope.tensor.FloatTensor;

/** ONNX Runtime on the exporter's model, from the image to the last layer: each gets the levels that the one before made. */
final class OnnxLevels implements LevelPeer {

    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    @Override
    public String name() {
        return "ONNX Runtime " + ENVIRONMENT.getVersion();
    }

    @Override
    public Map<String, LevelTally> compare(Graph graph, FloatTensor image, Map<String, byte[]> ours) {
        long[] dims = image.shape().dims().stream().mapToLong(d -> d).toArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            try (OrtSession session = ENVIRONMENT.createSession(LevelsOnnx.bytes(graph), options);
                 OnnxTensor input = OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(image.data()), dims);
                 OrtSession.Result result = session.run(Map.of(graph.inputs().getFirst().name(), input))) {
                Map<String, LevelTally> tallies = new LinkedHashMap<>();
                for (String layer : LevelsOnnx.layers(graph)) {
                    ByteBuffer buffer = ((OnnxTensor) result.get(LevelsOnnx.output(layer)).orElseThrow()).getByteBuffer();
                    byte[] levels = new byte[buffer.remaining()];
                    buffer.get(levels);
                    tallies.put(layer, LevelTally.of(ours.get(layer), levels));
                }
                return tallies;
            }
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
