package quantscope.format.onnx;

import quantscope.graph.ConvGeometry;

/**
 * Zeros around an image, waiting for a convolution to take them in.
 *
 * @param node   that pads
 * @param source the layer that makes the image
 */
record ZeroPad(OnnxFile.NodePart node, String source, int top, int left, int bottom, int right) {

    ConvGeometry addedTo(ConvGeometry g) {
        return new ConvGeometry(g.strideH(), g.strideW(), g.padTop() + top, g.padLeft() + left,
                g.padBottom() + bottom, g.padRight() + right, g.dilationH(), g.dilationW(), g.groups());
    }
}
