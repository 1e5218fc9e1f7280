/** Progress and cancellation of long calls. It uses nothing. */
package quantscope.task;
