package quantscope.dataset;

/**
 * An image that could not be read and was left out.
 *
 * @param path   relative to the folder, forward slashes
 * @param reason for the user
 */
public record SkippedImage(String path, String reason) { }
