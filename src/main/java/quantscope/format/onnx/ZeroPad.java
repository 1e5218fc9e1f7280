package quantscope.format.onnx;

import quantscope.graph.ConvGeometry;
import quantscope.graph.Rearrangement;

/**
 * Zeros around an image, waiting for a convolution to take them in.
 *
 * @param node   that pads
 * @param source the layer that makes the image
 * @param how    of height and width, [N,C,H,W]
 */
record ZeroPad(OnnxFile.NodePart node, String source, Rearrangement.Pad how) {

    ConvGeometry addedTo(ConvGeometry g) {
        return new ConvGeometry(g.strideH(), g.strideW(), g.padTop() + how.before().get(2), g.padLeft() + how.before().get(3),
                g.padBottom() + how.after().get(2), g.padRight() + how.after().get(3), g.dilationH(), g.dilationW(),
                g.groups());
    }
}
