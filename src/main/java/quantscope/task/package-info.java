/** Progress and cancellation of long calls, and how they speak of what files say. It uses nothing. */
package quantscope.task;
