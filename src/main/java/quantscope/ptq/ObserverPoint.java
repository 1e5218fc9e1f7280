package quantscope.ptq;

import quantscope.quant.QConfig;

/**
 * Where an activation is observed.
 *
 * @param node    in the prepared graph: a QuantStub, or a layer with an int8 kernel that needs parameters for its output
 * @param qconfig whose activation observer watches it; a stub takes that of the first layer that reads it
 */
public record ObserverPoint(String node, QConfig qconfig) { }
