package quantscope.run;

/** Looks at values inside a network while it runs. */
public interface Tap {

    /** Looks at nothing. */
    Tap NONE = new Tap() {
        @Override
        public boolean wants(String node) {
            return false;
        }

        @Override
        public void take(String node, Value value) {
            throw new IllegalStateException("nothing was asked for");
        }
    };

    /**
     * Whether a node's value is to be handed over, the same whenever it is asked: before the run, since values that nobody
     * wants may be left out, and behind every node of every image, so it is quick.
     */
    boolean wants(String node);

    /** @param value a copy in [N,C,H,W] order that the taker may keep */
    void take(String node, Value value);
}
