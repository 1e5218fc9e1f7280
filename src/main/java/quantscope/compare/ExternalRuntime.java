package quantscope.compare;

import java.io.IOException;
import java.nio.file.Path;
import quantscope.tensor.FloatTensor;

/**
 * Another program's engine that runs exported models. Found at run time by {@link java.util.ServiceLoader}, so that the
 * program needs none of them.
 */
public interface ExternalRuntime {

    /** With its version: "ONNX Runtime 1.29.0". */
    String name();

    /** @throws IOException when the runtime refuses the model, with its reason */
    Loaded load(Path model) throws IOException;

    /** A model that is ready to run; used by one thread at a time. */
    interface Loaded extends AutoCloseable {

        /**
         * @param image [1,C,H,W]
         * @return the first output's elements
         * @throws IOException when the runtime fails, with its reason
         */
        float[] run(FloatTensor image) throws IOException;

        @Override
        void close();
    }
}
