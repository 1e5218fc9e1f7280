/** Kernels on the Vector API, the only place that knows it. It may use kernel and kernel.scalar. */
package quantscope.kernel.vector;
