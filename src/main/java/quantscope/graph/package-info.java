/** The network as an immutable graph of layers, shape inference and passes over it. It may use tensor and quant. */
package quantscope.graph;
