package quantscope.app.task;

/**
 * Something that went wrong, for a notification.
 *
 * @param title    what the user wanted
 * @param message  what, where and what to do
 * @param expected false for a bug of the program, whose stack trace went to the log
 */
public record Problem(String title, String message, boolean expected) { }
