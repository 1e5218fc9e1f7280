package quantscope.compare;

/** The error of a layer's output in the converted network against the fp32 network, over the evaluation images. */
public record LayerError(String layer, ErrorMetrics metrics) { }
