package quantscope.bench;

/**
 * How many levels of how many layers differ from ours.
 *
 * @param layers    with at least one difference
 * @param largest   difference, in levels
 */
record LevelTally(int compared, long outputs, int layers, long differing, int largest) {

    static final LevelTally NOTHING = new LevelTally(0, 0, 0, 0, 0);

    LevelTally plus(LevelTally other) {
        return new LevelTally(compared + other.compared, outputs + other.outputs, layers + other.layers,
                differing + other.differing, Math.max(largest, other.largest));
    }

    /** Of one layer. */
    static LevelTally of(byte[] ours, byte[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalStateException(theirs.length + " levels, expected " + ours.length);
        }
        long differing = 0;
        int largest = 0;
        for (int i = 0; i < ours.length; i++) {
            int difference = Math.abs((ours[i] & 0xff) - (theirs[i] & 0xff));
            differing += difference > 0 ? 1 : 0;
            largest = Math.max(largest, difference);
        }
        return new LevelTally(1, ours.length, differing > 0 ? 1 : 0, differing, largest);
    }
}
