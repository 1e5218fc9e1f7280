package quantscope.kernel.emitted;

/** Where an output channel's lane of a block's head has what. */
record Place(BlockLayout layout, int v, int lane) {

    long initial() {
        return layout.initial(v) + 4L * lane;
    }

    long bias() {
        return layout.bias(v) + 4L * lane;
    }

    long factor() {
        return layout.factor(v) + 4L * lane;
    }

    long normFactor() {
        return layout.normFactor(v) + 4L * lane;
    }

    long normOffset() {
        return layout.normOffset(v) + 4L * lane;
    }

    long below() {
        return layout.below(v) + 4L * lane;
    }

    long turned() {
        return layout.turned(v) + 4L * lane;
    }
}
