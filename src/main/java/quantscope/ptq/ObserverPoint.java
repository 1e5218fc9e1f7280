package quantscope.ptq;

import java.util.Objects;
import quantscope.quant.QConfig;

/**
 * Where an activation is observed.
 *
 * @param node     in the prepared graph: a QuantStub, or a layer with an int8 kernel that needs parameters for its
 *                 output; the name under which calibration and configuration files keep the result
 * @param qconfig  whose activation observer watches it; a stub takes that of the first layer that reads it
 * @param observed the node of the prepared graph whose value is watched: {@code node} itself, or the last of a fused
 *                 group, so that conv1 fused with relu1 is observed behind relu1
 */
public record ObserverPoint(String node, QConfig qconfig, String observed) {

    public ObserverPoint {
        Objects.requireNonNull(node);
        Objects.requireNonNull(qconfig);
        Objects.requireNonNull(observed);
    }

    /** For a node that is observed at its own output. */
    public ObserverPoint(String node, QConfig qconfig) {
        this(node, qconfig, node);
    }
}
