package quantscope.format.architecture;

import java.util.ArrayList;
import java.util.List;

/** Torchvision's classic classifiers, as torchvision.models builds them (alexnet.py, vgg.py, resnet.py). */
final class TorchvisionNets {

    private static final String MODELS = "torchvision.models.";
    private static final int[] STAGE_WIDTHS = {64, 128, 256, 512};

    private TorchvisionNets() { }

    static List<Architecture> all() {
        List<Architecture> all = new ArrayList<>();
        all.add(alexNet());
        int[][] vgg = {{11, 1, 1, 2, 2, 2}, {13, 2, 2, 2, 2, 2}, {16, 2, 2, 3, 3, 3}, {19, 2, 2, 4, 4, 4}};
        for (int[] counts : vgg) {
            all.add(vgg(counts, false));
            all.add(vgg(counts, true));
        }
        all.add(resNet("18", false, 2, 2, 2, 2));
        all.add(resNet("34", false, 3, 4, 6, 3));
        all.add(resNet("50", true, 3, 4, 6, 3));
        all.add(resNet("101", true, 3, 4, 23, 3));
        all.add(resNet("152", true, 3, 8, 36, 3));
        return all;
    }

    private static Architecture alexNet() {
        Sketch s = new Sketch(MODELS + "alexnet.AlexNet");
        s.conv("features.0", 64, 11, 4, 2).relu("features.1").maxPool("features.2", 3, 2, 0);
        s.conv("features.3", 192, 5, 1, 2).relu("features.4").maxPool("features.5", 3, 2, 0);
        s.conv("features.6", 384, 3, 1, 1).relu("features.7");
        s.conv("features.8", 256, 3, 1, 1).relu("features.9");
        s.conv("features.10", 256, 3, 1, 1).relu("features.11").maxPool("features.12", 3, 2, 0);
        s.avgPool(6).flatten(6);
        s.dropout("classifier.0").linear("classifier.1", 4096).relu("classifier.2");
        s.dropout("classifier.3").linear("classifier.4", 4096).relu("classifier.5").linear("classifier.6", 0);
        return Architecture.of("torchvision AlexNet", s.layers());
    }

    /** @param counts the number in its name, then convolutions of each stage */
    private static Architecture vgg(int[] counts, boolean batchNorm) {
        Sketch s = new Sketch(MODELS + "vgg.VGG");
        int index = 0;
        for (int stage = 1; stage < counts.length; stage++) {
            int width = Math.min(64 << stage - 1, 512);
            for (int i = 0; i < counts[stage]; i++) {
                s.conv("features." + index++, width, 3, 1, 1);
                if (batchNorm) {
                    s.batchNorm("features." + index++);
                }
                s.relu("features." + index++);
            }
            s.maxPool("features." + index++, 2, 2, 0);
        }
        s.avgPool(7).flatten(7);
        s.linear("classifier.0", 4096).relu("classifier.1").dropout("classifier.2");
        s.linear("classifier.3", 4096).relu("classifier.4").dropout("classifier.5").linear("classifier.6", 0);
        return Architecture.of("torchvision VGG-" + counts[0] + (batchNorm ? " with batch norm" : ""), s.layers());
    }

    private static Architecture resNet(String depth, boolean bottleneck, int... blocks) {
        Sketch s = new Sketch(MODELS + "resnet.ResNet");
        s.module("conv1", new Part.Conv(64, 7, 2, 3, false, false, false)).batchNorm("bn1").relu("relu");
        s.maxPool("maxpool", 3, 2, 1);
        for (int stage = 0; stage < blocks.length; stage++) {
            for (int i = 0; i < blocks[stage]; i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                boolean downsample = i == 0 && (stage > 0 || bottleneck);
                block(s, "layer" + (stage + 1) + "." + i, bottleneck, STAGE_WIDTHS[stage], stride, downsample);
            }
        }
        s.avgPool(1).flatten(1).linear("fc", 0);
        return Architecture.of("torchvision ResNet-" + depth, s.layers());
    }

    private static void block(Sketch s, String path, boolean bottleneck, int width, int stride, boolean downsample) {
        String input = s.last();
        s.plainConv(path + ".conv1", width, bottleneck ? 1 : 3, bottleneck ? 1 : stride).batchNorm(path + ".bn1");
        s.relu(path + ".relu");
        if (bottleneck) {
            s.groupedConv(path + ".conv2", width, 3, stride).batchNorm(path + ".bn2").relu(path + ".relu");
            s.plainConv(path + ".conv3", 4 * width, 1, 1).batchNorm(path + ".bn3");
        } else {
            s.plainConv(path + ".conv2", width, 3, 1).batchNorm(path + ".bn2");
        }
        String residual = s.last();
        String identity = input;
        if (downsample) {
            s.from(input).plainConv(path + ".downsample.0", bottleneck ? 4 * width : width, 1, stride);
            identity = s.batchNorm(path + ".downsample.1").last();
        }
        s.function("add", path, MODELS + "resnet." + (bottleneck ? "Bottleneck" : "BasicBlock"), new Part.Add(),
                List.of(residual, identity));
        s.relu(path + ".relu");
    }
}
