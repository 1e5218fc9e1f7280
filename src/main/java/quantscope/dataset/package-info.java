/** Image folders, decoding, preprocessing and labels. It may use tensor and task. */
package quantscope.dataset;
