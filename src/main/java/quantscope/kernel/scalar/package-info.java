/** Plain Java kernels: the reference for every other road, and its tails. It may use kernel. */
package quantscope.kernel.scalar;
