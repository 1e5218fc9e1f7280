package quantscope.ptq;

/** What stands in the way of eager-mode quantization. */
public enum ObstacleKind {
    MODULE_USED_TWICE, IN_PLACE, FUNCTIONAL_ARITHMETIC, FUNCTIONAL_CALL, NOT_FUSED, NO_INT8_KERNEL, UNSUPPORTED_OPERATOR
}
