package quantscope.ptq;

/** What can be mended with one click; each is a change to the PyTorch module that the export writes. */
public enum FixKind {
    /** A module used twice becomes two modules. */
    MAKE_UNIQUE,
    /** {@code inplace=True} becomes {@code inplace=False}. */
    MAKE_OUT_OF_PLACE,
    /** {@code x + y}, {@code x * y} or {@code torch.cat} becomes a FloatFunctional. */
    USE_FLOAT_FUNCTIONAL,
    /** A function such as {@code F.relu(x)} becomes a module of its own. */
    MAKE_MODULE,
    /** Conv/Linear + BatchNorm + ReLU, or add + ReLU, becomes one layer, named by its first. */
    FUSE
}
