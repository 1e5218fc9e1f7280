/** Background work of the window: the one place where threads meet. It may use task and the typed errors of the session. */
package quantscope.app.task;
