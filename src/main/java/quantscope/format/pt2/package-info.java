/**
 * Reads torch.export archives of every PyTorch: a zip of JSON and tensors, raw or in files of torch.save, whose pickles are
 * read as plain data. It may use format, format.checkpoint, format.state, format.zip, graph, tensor and task.
 */
package quantscope.format.pt2;
