package quantscope.graph;

/** What a binarizing sign makes of exactly 0: PyTorch and ONNX say 0, Larq and Brevitas +1, daBNN's packer -1. */
public enum SignOfZero {
    ZERO, PLUS_ONE, MINUS_ONE
}
