/** Reads torch.export archives: a zip of JSON and raw weights; no pickle is ever read. It may use format, graph, tensor and task. */
package quantscope.format.pt2;
