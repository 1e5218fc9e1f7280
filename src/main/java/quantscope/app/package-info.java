/** The window: slices that meet only in main and in the shared state. It may use the session and result records. */
package quantscope.app;
