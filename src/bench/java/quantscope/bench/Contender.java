package quantscope.bench;

import java.util.List;
import quantscope.tensor.FloatTensor;

/** Somebody who runs a whole network. */
interface Contender extends LayerContender {

    /** Runs the images as one batch, from fp32 planes to fp32 answers, one answer behind the other. */
    float[] run(List<FloatTensor> images);
}
