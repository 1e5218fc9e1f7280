package quantscope.kernel;

/** Threads that share one piece of work. */
public interface Team {

    /** The caller's thread, alone. */
    Team ALONE = new Team() {
        @Override
        public int members() {
            return 1;
        }

        @Override
        public void run(int parts, Part work) {
            for (int part = 0; part < parts; part++) {
                work.run(0, part);
            }
        }
    };

    /** A part of the work. */
    @FunctionalInterface
    interface Part {

        /** @param member who does it, 0 to members - 1: no member does two parts at a time */
        void run(int member, int part);
    }

    /** How many work at a time, the caller among them. */
    int members();

    /**
     * Does each part once and returns when all are done. Which member does which part is not settled, so parts may not
     * depend on one another.
     *
     * @throws RuntimeException that a part threw; some other parts are left undone then
     */
    void run(int parts, Part work);

    /**
     * Cuts a range into parts of about one size, some for each member, so that one who is held up does fewer, and does
     * them.
     */
    default void split(int count, Range work) {
        if (members() == 1 || count < 2) {
            work.run(0, count);
            return;
        }
        int parts = Math.min(count, PARTS_EACH * members());
        run(parts, (_, part) -> work.run((int) ((long) count * part / parts), (int) ((long) count * (part + 1) / parts)));
    }

    int PARTS_EACH = 4;

    /** A range of the work, from the first to before the last. */
    @FunctionalInterface
    interface Range {
        void run(int from, int to);
    }
}
