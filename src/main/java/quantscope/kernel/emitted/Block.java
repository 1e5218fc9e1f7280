package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;

/**
 * Output channels that are computed together.
 *
 * @param way       that its code goes
 * @param head      what code is given; {@link BlockLayout}
 * @param weights   whose address the head has, so that whoever uses the head has to hold them, too
 * @param moreSteps beyond those of the depth
 */
record Block(int first, int group, int channels, int vectors, Way way, MemorySegment head, MemorySegment weights,
             int moreSteps) {

    /** Whether another's head and channels follow this one's, of as many vectors. */
    boolean leadsTo(Block next) {
        return next.head.address() == head.address() + head.byteSize() && next.vectors == vectors && next.way == way
                && next.group == group && next.first == first + channels && channels == vectors * way.lanes();
    }

    /** From its weights to another's. */
    long bytesTo(Block other) {
        return other.weights.address() - weights.address();
    }

    /** The same channels and weights, whose sums end otherwise. */
    Block with(MemorySegment other) {
        return new Block(first, group, channels, vectors, way, other, weights, moreSteps);
    }
}
