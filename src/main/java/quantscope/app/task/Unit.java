package quantscope.app.task;

/** What a task counts. */
public enum Unit {
    /** Images: the rate is worth showing. */
    IMAGES,
    /** Anything else: the share done says it all. */
    STEPS
}
