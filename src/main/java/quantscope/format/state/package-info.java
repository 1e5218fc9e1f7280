/** Named tensors that lie in a file of any kind and are read one by one. It may use format and tensor. */
package quantscope.format.state;
