package quantscope.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import quantscope.compare.ExternalRuntime;
import quantscope.tensor.FloatTensor;

/** ONNX Runtime's CPU provider, as it optimizes models by itself. */
public final class OnnxRuntime implements ExternalRuntime {

    @Override
    public String name() {
        return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
    }

    @Override
    public Loaded load(Path model) throws IOException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            return new Running(OrtEnvironment.getEnvironment().createSession(model.toString(), options));
        } catch (OrtException e) {
            throw new IOException(model.getFileName() + ": ONNX Runtime refuses it: " + e.getMessage(), e);
        }
    }

    private record Running(OrtSession session) implements Loaded {

        @Override
        public float[] run(FloatTensor image) throws IOException {
            long[] shape = image.shape().dims().stream().mapToLong(Integer::longValue).toArray();
            try (OnnxTensor input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(),
                    FloatBuffer.wrap(image.data()), shape);
                    OrtSession.Result result = session.run(Map.of(session.getInputNames().iterator().next(), input))) {
                FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[output.remaining()];
                output.get(values);
                return values;
            } catch (OrtException e) {
                throw new IOException("ONNX Runtime failed: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime does not let go of a model", e);
            }
        }
    }
}
