package quantscope.bench;

import java.util.Map;
import quantscope.graph.Graph;
import quantscope.tensor.FloatTensor;

/** Another program's int8 operators. */
interface LevelPeer {

    String name();

    /**
     * Runs one image.
     *
     * @param ours levels that this engine found, by layer
     * @return by layer, what the peer finds other
     */
    Map<String, LevelTally> compare(Graph graph, FloatTensor image, Map<String, byte[]> ours);
}
