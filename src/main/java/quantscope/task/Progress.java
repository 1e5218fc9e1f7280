package quantscope.task;

/**
 * What a long call tells its caller while it works. Called from the working thread, often; an
 * implementation must be quick and thread-safe.
 */
@FunctionalInterface
public interface Progress {

    /** Reports to nobody. */
    Progress NONE = (done, total, what) -> { };

    /**
     * @param done  units of work finished, {@code 0 <= done <= total}
     * @param total units of work in all; 0 while it is unknown
     * @param what  what is being done, in the words of a user, for example "Calibrating"
     */
    void update(long done, long total, String what);
}
