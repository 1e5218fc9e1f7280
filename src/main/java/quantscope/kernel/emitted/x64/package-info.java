/** An assembler for the part of x86-64 that the emitted kernels need: registers, operands, encodings, labels. */
package quantscope.kernel.emitted.x64;
