package quantscope.format.architecture;

import java.util.List;
import java.util.Map;

/**
 * XNOR-Net-PyTorch's AlexNet (ImageNet/networks/model_list/alexnet.py there): blocks of batch norm, sign, layer, ReLU; the
 * first and the last layer stay fp32. Its checkpoints hold weights from before binarization, see {@link LatentWeights}.
 */
final class XnorAlexNet {

    private static final String BLOCK = "model_list.alexnet.BinConv2d";
    /** Without adaptive pooling this size alone leaves 6 x 6 before the classifier. */
    private static final int SIDE = 227;
    private static final double EPS = 1e-4;
    private static final double LAST_EPS = 1e-3;

    /** Its validation: Resize, CenterCrop(227), and a std that leaves pixels in 0..255 (main.py there). */
    private static final String PREPROCESSING = "{\"resize\": 256, \"crop\": [227, 227], \"mean\": [0.485, 0.456, 0.406],"
            + " \"std\": [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]}";

    private XnorAlexNet() { }

    static Architecture architecture() {
        Sketch s = new Sketch("model_list.alexnet.AlexNet");
        s.conv("features.0", 96, 11, 4, 0).module("features.1", new Part.BatchNorm(EPS, true)).relu("features.2");
        s.maxPool("features.3", 3, 2, 0);
        conv(s, "features.4", 256, 5, 2);
        s.maxPool("features.5", 3, 2, 0);
        conv(s, "features.6", 384, 3, 1);
        conv(s, "features.7", 384, 3, 1);
        conv(s, "features.8", 256, 3, 1);
        s.maxPool("features.9", 3, 2, 0);
        s.function("view", "", "model_list.alexnet.AlexNet", new Part.Flatten(6, "torch.Tensor.view"), List.of(s.last()));
        linear(s, "classifier.0", 4096, false);
        linear(s, "classifier.1", 4096, true);
        s.module("classifier.2", new Part.BatchNorm(LAST_EPS, false)).dropout("classifier.3").linear("classifier.4", 0);
        return new Architecture("XNOR-Net-PyTorch AlexNet", SIDE, s.layers(), Map.of("preprocessing", PREPROCESSING),
                List.of("The file holds the weights from before binarization. They were mean-centred over the input channels,"
                        + " clamped to -1..1 and binarized, as XNOR-Net-PyTorch does before it evaluates.",
                        "Images are resized to 256 on the shorter side; XNOR-Net-PyTorch itself stretches them to 256 x 256."));
    }

    private static void conv(Sketch s, String path, int width, int kernel, int padding) {
        s.module(path + ".bn", new Part.BatchNorm(EPS, true)).function("sign", path, BLOCK, new Part.Sign(), List.of(s.last()));
        s.module(path + ".conv", new Part.Conv(width, kernel, 1, padding, true, false, true)).relu(path + ".relu");
    }

    private static void linear(Sketch s, String path, int width, boolean dropout) {
        s.module(path + ".bn", new Part.BatchNorm(EPS, false)).function("sign", path, BLOCK, new Part.Sign(), List.of(s.last()));
        if (dropout) {
            s.dropout(path + ".dropout");
        }
        s.module(path + ".linear", new Part.Linear(width, true)).relu(path + ".relu");
    }
}
