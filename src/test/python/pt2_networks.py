"""Exports wider networks of many layers with random weights, for Pt2OracleTest: pt2_networks.py FOLDER NAME

Writes FOLDER/{plain,core,older}.pt2, input.bin and output.bin (float32). The blocks are those of the golden networks; "older"
is written in the single-file form of PyTorch 2.7.
"""
import pathlib
import sys

import torch
from torch import nn

GOLDEN = pathlib.Path(__file__).parents[1] / "resources" / "golden" / "pt2"
sys.path.insert(0, str(GOLDEN))
import make_networks as blocks  # noqa: E402
import make_older as older  # noqa: E402


class ResNet50(nn.Module):
    """Four stages of bottlenecks."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(blocks.conv_norm(3, 16, 7, 2), nn.MaxPool2d(3, 2, 1))
        stages, width = [], 16
        for stage in range(4):
            stages += [blocks.Bottleneck(width, 1 + (stage > 0))]
            width *= 2
            stages += [Same(width) for _ in range(2)]
        self.blocks = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(width, 100)

    def forward(self, x):
        return self.fc(torch.flatten(self.avgpool(self.blocks(self.stem(x))), 1))


class Same(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.branch = nn.Sequential(blocks.conv_norm(width, width // 4), blocks.conv_norm(width // 4, width // 4, 3),
                                    blocks.conv_norm(width // 4, width, act=None))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.branch(x) + x)


class MobileNet(nn.Module):
    """V3's blocks, twelve of them."""

    def __init__(self):
        super().__init__()
        layers, width = [blocks.conv_norm(3, 16, 3, 2, act=nn.Hardswish)], 16
        for i in range(12):
            outputs = 16 + 8 * (i // 3)
            squeeze = (lambda w: blocks.Squeeze(w, nn.ReLU, nn.Hardsigmoid)) if i % 2 else None
            layers.append(blocks.Inverted(width, 4 * width, outputs, 2 if i in (3, 8) else 1,
                                          nn.Hardswish if i > 4 else nn.ReLU, squeeze))
            width = outputs
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(width, 64), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(64, 50))

    def forward(self, x):
        return self.classifier(torch.flatten(nn.functional.adaptive_avg_pool2d(self.features(x), 1), 1))


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(blocks.conv_norm(3, 16, 7, 2), nn.MaxPool2d(3, 2, 1))
        self.layers = nn.ModuleList([blocks.DenseLayer(16 + 8 * i, 8) for i in range(12)])
        self.norm, self.classifier = nn.BatchNorm2d(16 + 96), nn.Linear(112, 40)

    def forward(self, x):
        features = [self.stem(x)]
        for layer in self.layers:
            features.append(layer(features))
        return self.classifier(torch.relu(self.norm(torch.cat(features, 1))).mean([2, 3]))


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        stages, width = [], 16
        for _ in range(3):
            stages += [blocks.Shuffle(width, 2)] + [blocks.Shuffle(2 * width, 1) for _ in range(3)]
            width *= 2
        self.stem, self.stages = blocks.conv_norm(3, 16, 3), nn.Sequential(*stages)
        self.fc = nn.Linear(width, 40)

    def forward(self, x):
        return self.fc(self.stages(self.stem(x)).mean([2, 3]))


def main(folder, name):
    folder = pathlib.Path(folder)
    torch.manual_seed(11)
    net = {"resnet": ResNet50, "mobilenet": MobileNet, "densenet": DenseNet, "shufflenet": ShuffleNet}[name]().eval()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
    x = torch.randn(2, 3, 96, 96)
    program = torch.export.export(net, (x,), dynamic_shapes=({0: torch.export.Dim("N", min=1, max=64)},))
    torch.export.save(program, folder / "plain.pt2")
    torch.export.save(program.run_decompositions(), folder / "core.pt2")
    older.write_older(program, x, folder / "older.pt2")
    x[0].numpy().astype("<f4").tofile(folder / "input.bin")
    with torch.no_grad():
        net(x[:1]).numpy().astype("<f4").tofile(folder / "output.bin")


if __name__ == "__main__":
    main(*sys.argv[1:])
