/** The window: its frame, and where all slices are put together. It may use every package of app. */
package quantscope.app.main;
