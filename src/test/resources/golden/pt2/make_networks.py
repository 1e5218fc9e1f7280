"""The building blocks of well-known networks, written anew and narrow, with PyTorch's answers: one folder a case beside
this file. Cases that end in -core are the same networks after run_decompositions().
"""
import torch
import torch.nn.functional as F
from torch import nn

from make_models import HERE, case
from make_operators import deflate


def conv_norm(inputs, outputs, kernel=1, stride=1, groups=1, act=nn.ReLU, eps=1e-5):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
              nn.BatchNorm2d(outputs, eps=eps)]
    return nn.Sequential(*layers, *([act()] if act else []))


class Bottleneck(nn.Module):
    def __init__(self, width, stride, groups=1):
        super().__init__()
        self.branch = nn.Sequential(conv_norm(width, 4), conv_norm(4, 4, 3, stride, groups), conv_norm(4, 2 * width, act=None))
        self.skip = conv_norm(width, 2 * width, 1, stride, act=None)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        out = self.branch(x)
        out += self.skip(x)
        return self.relu(out)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv_norm(3, 4, 3), nn.MaxPool2d(3, 2, 1))
        self.blocks = nn.Sequential(Bottleneck(4, 2), Bottleneck(8, 1, groups=2))
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(16, 5)

    def forward(self, x):
        return self.fc(torch.flatten(self.avgpool(self.blocks(self.stem(x))), 1))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm1, self.relu1 = nn.BatchNorm2d(inputs), nn.ReLU(inplace=True)
        self.conv1 = nn.Conv2d(inputs, 2 * growth, 1, bias=False)
        self.norm2, self.relu2 = nn.BatchNorm2d(2 * growth), nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(2 * growth, growth, 3, padding=1, bias=False)

    def forward(self, features):
        x = self.conv1(self.relu1(self.norm1(torch.cat(features, 1))))
        return self.conv2(self.relu2(self.norm2(x)))


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(conv_norm(3, 4, 3), nn.MaxPool2d(3, 2, 1))
        self.layers = nn.ModuleList([DenseLayer(4 + 3 * i, 3) for i in range(3)])
        self.transition = nn.Sequential(nn.BatchNorm2d(13), nn.ReLU(), nn.Conv2d(13, 6, 1, bias=False), nn.AvgPool2d(2, 2))
        self.classifier = nn.Linear(6, 5)

    def forward(self, x):
        features = [self.stem(x)]
        for layer in self.layers:
            features.append(layer(features))
        x = F.relu(self.transition(torch.cat(features, 1)), inplace=True)
        return self.classifier(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), nn.LocalResponseNorm(5))
        self.one = conv_norm(6, 3, eps=1e-3)
        self.three = nn.Sequential(conv_norm(6, 2), conv_norm(2, 4, 3))
        self.factored = nn.Sequential(conv_norm(6, 2), nn.Conv2d(2, 3, (1, 5), padding=(0, 2)), nn.Conv2d(3, 3, (5, 1), padding=(2, 0)))
        self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv_norm(6, 2))
        self.dropout = nn.Dropout(0.4)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        x = torch.stack([x[:, 0] * 0.9 + 0.1, x[:, 1] * 1.1 - 0.2, x[:, 2] * 0.8], 1)
        x = self.stem(x)
        averaged = F.avg_pool2d(x, 3, stride=1, padding=1)[:, :0 + 2]
        x = torch.cat([self.one(x), self.three(x), self.factored(x), self.pooled(x) + averaged], 1)
        return self.fc(self.dropout(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1)))


class Fire(nn.Module):
    def __init__(self, inputs, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1, self.expand3 = nn.Conv2d(squeeze, expand, 1), nn.Conv2d(squeeze, expand, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1(x)), F.relu(self.expand3(x))], 1)


class SqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, ceil_mode=True),
                                      Fire(6, 2, 4), Fire(8, 3, 5))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(10, 5, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


def channel_shuffle(x, groups):
    batch, channels, height, width = x.size()
    x = x.view(batch, groups, channels // groups, height, width)
    return torch.transpose(x, 1, 2).contiguous().view(batch, channels, height, width)


class Shuffle(nn.Module):
    def __init__(self, width, stride):
        super().__init__()
        self.stride = stride
        inner = width // 2 if stride == 1 else width
        if stride > 1:
            self.near = nn.Sequential(conv_norm(width, width, 3, stride, width, act=None), conv_norm(width, width))
        self.far = nn.Sequential(conv_norm(inner, inner), conv_norm(inner, inner, 3, stride, inner, act=None), conv_norm(inner, inner))

    def forward(self, x):
        if self.stride == 1:
            a, b = x.chunk(2, dim=1)
            out = torch.cat((a, self.far(b)), 1)
        else:
            out = torch.cat((self.near(x), self.far(x)), 1)
        return channel_shuffle(out, 2)


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 4, 3)
        self.stages = nn.Sequential(Shuffle(4, 2), Shuffle(8, 1), Shuffle(8, 1))
        self.fc = nn.Linear(8, 5)

    def forward(self, x):
        return self.fc(self.stages(self.stem(x)).mean([2, 3]))


class Inverted(nn.Module):
    def __init__(self, width, hidden, outputs, stride, act, squeeze=None):
        super().__init__()
        self.skip = stride == 1 and width == outputs
        self.block = nn.Sequential(conv_norm(width, hidden, act=act), conv_norm(hidden, hidden, 3, stride, hidden, act),
                                   squeeze(hidden) if squeeze else nn.Identity(), conv_norm(hidden, outputs, act=None))

    def forward(self, x):
        return x + self.block(x) if self.skip else self.block(x)


class Squeeze(nn.Module):
    def __init__(self, width, act, gate):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1, self.activation = nn.Conv2d(width, 2, 1), act()
        self.fc2, self.gate = nn.Conv2d(2, width, 1), gate()

    def forward(self, x):
        return self.gate(self.fc2(self.activation(self.fc1(self.avgpool(x))))) * x


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(conv_norm(3, 4, 3, 2, act=nn.ReLU6), Inverted(4, 8, 4, 1, nn.ReLU6),
                                      Inverted(4, 8, 6, 2, nn.ReLU6))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(6, 5))

    def forward(self, x):
        x = nn.functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


class MobileNetV3(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv_norm(3, 4, 3, 2, act=nn.Hardswish),
            Inverted(4, 8, 4, 1, nn.ReLU, lambda w: Squeeze(w, nn.ReLU, nn.Hardsigmoid)),
            Inverted(4, 8, 6, 2, nn.Hardswish, lambda w: Squeeze(w, nn.ReLU, nn.Hardsigmoid)))
        self.classifier = nn.Sequential(nn.Linear(6, 8), nn.Hardswish(inplace=True), nn.Dropout(inplace=True), nn.Linear(8, 5))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


class EfficientNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv_norm(3, 4, 3, 2, act=nn.SiLU), Inverted(4, 8, 4, 1, nn.SiLU, lambda w: Squeeze(w, nn.SiLU, nn.Sigmoid)),
            Inverted(4, 8, 6, 2, nn.SiLU, lambda w: Squeeze(w, nn.SiLU, nn.Sigmoid)))
        self.fc = nn.Linear(6, 5)

    def forward(self, x):
        return self.fc(F.dropout(F.adaptive_avg_pool2d(self.features(x), 1).squeeze(-1).squeeze(-1), training=self.training))


class ConvNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 2, stride=2)
        self.depthwise = nn.Conv2d(4, 4, 7, padding=3, groups=4)
        self.norm = nn.LayerNorm(4, eps=1e-6)
        self.wide, self.narrow = nn.Linear(4, 8), nn.Linear(8, 4)
        self.scale = nn.Parameter(torch.rand(4, 1, 1))
        self.head = nn.Sequential(nn.LayerNorm(4, eps=1e-6), nn.Linear(4, 5))

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.narrow(F.gelu(self.wide(y))).permute(0, 3, 1, 2)
        x = x + self.scale * y
        return self.head(x.mean([-2, -1]))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = conv_norm(3, 4, 3), conv_norm(4, 6, 3)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.last = conv_norm(8, 4, 3, act=nn.PReLU)
        self.head = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(F.max_pool2d(first, 2))
        up = self.last(torch.cat([self.up(second), first], 1))
        coarse = F.interpolate(second[:, :2], scale_factor=2, mode="bilinear", align_corners=False)
        return torch.sigmoid(self.head(up) + coarse)


NETWORKS = [ResNet, DenseNet, Inception, SqueezeNet, ShuffleNet, MobileNetV2, MobileNetV3, EfficientNet, ConvNeXt, UNet]

if __name__ == "__main__":
    for network in NETWORKS:
        for suffix in ("", "-core"):
            torch.manual_seed(5)
            name = "net-" + network.__name__.lower() + suffix
            case(name, network(), decompose=bool(suffix))
            deflate(HERE / name / "model.pt2")
