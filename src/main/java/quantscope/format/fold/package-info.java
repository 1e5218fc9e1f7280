/** Arithmetic on tensors that are known without the network's input. It may use tensor. */
package quantscope.format.fold;
