/**
 * What the engine computes with: the kernels' interface and the records that describe one piece of work each. It may
 * use tensor; implementations live in packages below.
 */
package quantscope.kernel;
