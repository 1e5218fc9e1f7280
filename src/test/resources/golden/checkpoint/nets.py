"""The architectures that checkpoints are matched to, in plain PyTorch, with the names that torchvision (alexnet.py,
vgg.py, resnet.py) and XNOR-Net-PyTorch (ImageNet/networks) give their modules, and of any width."""
import math

import torch
from torch import nn


class AlexNet(nn.Module):
    def __init__(self, widths=(64, 192, 384, 256, 256), hidden=4096, classes=1000):
        super().__init__()
        a, b, c, d, e = widths
        self.features = nn.Sequential(
            nn.Conv2d(3, a, 11, stride=4, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(c, d, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(d, e, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(e * 36, hidden), nn.ReLU(inplace=True),
            nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(inplace=True), nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Vgg(nn.Module):
    COUNTS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}

    def __init__(self, depth, batch_norm, widths=(64, 128, 256, 512, 512), hidden=4096, classes=1000):
        super().__init__()
        layers = []
        channels = 3
        for count, width in zip(self.COUNTS[depth], widths):
            for _ in range(count):
                layers.append(nn.Conv2d(channels, width, 3, padding=1))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(width))
                layers.append(nn.ReLU(inplace=True))
                channels = width
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(channels * 49, hidden), nn.ReLU(True), nn.Dropout(),
            nn.Linear(hidden, hidden), nn.ReLU(True), nn.Dropout(), nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Block(nn.Module):
    """A residual block: two 3 x 3 convolutions, or 1 x 1, 3 x 3 and 1 x 1 with four times the channels behind them."""

    def __init__(self, channels, width, stride, bottleneck, groups=1, inner=None):
        super().__init__()
        inner = inner or width
        out = 4 * width if bottleneck else width
        self.conv1 = nn.Conv2d(channels, inner, 1 if bottleneck else 3, 1 if bottleneck else stride,
                               0 if bottleneck else 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        last = inner if bottleneck else out
        self.conv2 = nn.Conv2d(inner, last, 3, stride if bottleneck else 1, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(last)
        if bottleneck:
            self.conv3 = nn.Conv2d(inner, out, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.bottleneck = bottleneck
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.bottleneck:
            out = self.bn3(self.conv3(self.relu(out)))
        identity = x if self.downsample is None else self.downsample(x)
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}

    def __init__(self, depth, widths=(64, 128, 256, 512), stem=64, classes=1000, groups=1, inner=1):
        super().__init__()
        bottleneck = depth >= 50
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = stem
        for stage, (count, width) in enumerate(zip(self.BLOCKS[depth], widths)):
            blocks = []
            for i in range(count):
                blocks.append(Block(channels, width, 2 if stage > 0 and i == 0 else 1, bottleneck, groups, inner * width))
                channels = 4 * width if bottleneck else width
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class BinaryBlock(nn.Module):
    """Batch norm, sign, a layer whose weights are binarized before it is evaluated, ReLU."""

    def __init__(self, channels, width, kernel=0, padding=0, dropout=0.0):
        super().__init__()
        if dropout:
            self.dropout = nn.Dropout(dropout)
        if kernel:
            self.bn = nn.BatchNorm2d(channels, eps=1e-4)
            self.conv = nn.Conv2d(channels, width, kernel, 1, padding)
        else:
            self.bn = nn.BatchNorm1d(channels, eps=1e-4)
            self.linear = nn.Linear(channels, width)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.bn(x).sign()
        if hasattr(self, "dropout"):
            x = self.dropout(x)
        return self.relu(self.conv(x) if hasattr(self, "conv") else self.linear(x))


class XnorAlexNet(nn.Module):
    def __init__(self, widths=(96, 256, 384, 384, 256), hidden=4096, classes=1000):
        super().__init__()
        a, b, c, d, e = widths
        self.features = nn.Sequential(
            nn.Conv2d(3, a, 11, 4), nn.BatchNorm2d(a, eps=1e-4), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2),
            BinaryBlock(a, b, 5, 2), nn.MaxPool2d(3, 2),
            BinaryBlock(b, c, 3, 1), BinaryBlock(c, d, 3, 1), BinaryBlock(d, e, 3, 1), nn.MaxPool2d(3, 2))
        self.classifier = nn.Sequential(
            BinaryBlock(e * 36, hidden), BinaryBlock(hidden, hidden, dropout=0.5),
            nn.BatchNorm1d(hidden, eps=1e-3), nn.Dropout(), nn.Linear(hidden, classes))
        self.flat = e * 36

    def forward(self, x):
        return self.classifier(self.features(x).view(x.size(0), self.flat))

    def binarize(self):
        """What XNOR-Net-PyTorch does to all weights but the first and the last layer's before it evaluates."""
        layers = [m for m in self.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
        for layer in layers[1:-1]:
            w = layer.weight.data
            w = (w - w.mean(1, keepdim=True)).clamp(-1, 1)
            layer.weight.data = w.sign() * w.abs().flatten(1).mean(1).view(-1, *[1] * (w.dim() - 1))


def fill(net, seed):
    """Weights that keep the size of what goes through, so that every layer shows in the answer."""
    torch.manual_seed(seed)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            fan_in = module.weight[0].numel()
            nn.init.normal_(module.weight, std=math.sqrt(2 / fan_in))
            if module.bias is not None:
                nn.init.normal_(module.bias, std=0.1)
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.2)
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            module.num_batches_tracked.fill_(1234)
    return net.eval()


def image(side):
    """[1, 3, side, side]; element i is ((7919 i) mod 1009) / 504.5 - 1 in float32, which the tests make too."""
    i = torch.arange(3 * side * side, dtype=torch.int64)
    return ((i * 7919 % 1009).float() / 504.5 - 1).reshape(1, 3, side, side)
