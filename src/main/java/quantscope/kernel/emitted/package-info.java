/** Kernels in machine code, written for each shape and this CPU when a layer is packed. The only user of the FFM API. */
package quantscope.kernel.emitted;
