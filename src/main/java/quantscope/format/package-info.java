/** What readers of model files share; each format has a package of its own. It may use graph, tensor and task. */
package quantscope.format;
