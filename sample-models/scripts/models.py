"""The sample networks. Input [N, 3, 64, 64], output [N, 10] logits."""

import torch
from torch import nn
from torch.ao.nn.quantized import FloatFunctional
from torch.nn import functional as F


class StraightThroughSign(torch.autograd.Function):
    """sign with the gradient of clamp(x, -1, 1)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sign(x)

    @staticmethod
    def backward(ctx, gradient):
        x, = ctx.saved_tensors
        return gradient * (x.abs() <= 1)


class Sign(nn.Module):
    """Binarizes activations."""

    def forward(self, x):
        if self.training:
            return StraightThroughSign.apply(x)
        return torch.sign(x)


class BinConv2d(nn.Conv2d):
    """A convolution with the weight alpha * sign(W), alpha = mean |W| of each output channel. W is the latent weight."""

    def forward(self, x):
        alpha = self.weight.abs().mean(dim=(1, 2, 3), keepdim=True)
        sign = StraightThroughSign.apply(self.weight) if self.training else torch.sign(self.weight)
        return F.conv2d(x, alpha * sign, self.bias, self.stride, self.padding)


class BinLinear(nn.Linear):
    """A linear layer with the weight alpha * sign(W), alpha = mean |W| of each output feature. W is the latent weight."""

    def forward(self, x):
        alpha = self.weight.abs().mean(dim=1, keepdim=True)
        sign = StraightThroughSign.apply(self.weight) if self.training else torch.sign(self.weight)
        return F.linear(x, alpha * sign, self.bias)


class AlexNet(nn.Module):
    """AlexNet's eight layers, made small."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 48, kernel_size=7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(48)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.conv2 = nn.Conv2d(48, 96, kernel_size=5, padding=2)
        self.bn2 = nn.BatchNorm2d(96)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.conv3 = nn.Conv2d(96, 160, kernel_size=3, padding=1)
        self.bn3 = nn.BatchNorm2d(160)
        self.relu3 = nn.ReLU()

        self.conv4 = nn.Conv2d(160, 128, kernel_size=3, padding=1)
        self.bn4 = nn.BatchNorm2d(128)
        self.relu4 = nn.ReLU()

        self.conv5 = nn.Conv2d(128, 128, kernel_size=3, padding=1)
        self.bn5 = nn.BatchNorm2d(128)
        self.relu5 = nn.ReLU()
        self.pool5 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.drop6 = nn.Dropout(0.4)
        self.fc6 = nn.Linear(128 * 3 * 3, 384)
        self.relu6 = nn.ReLU()

        self.drop7 = nn.Dropout(0.4)
        self.fc7 = nn.Linear(384, 384)
        self.relu7 = nn.ReLU()

        self.fc8 = nn.Linear(384, classes)

    def forward(self, x):
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.pool2(self.relu2(self.bn2(self.conv2(x))))
        x = self.relu3(self.bn3(self.conv3(x)))
        x = self.relu4(self.bn4(self.conv4(x)))
        x = self.pool5(self.relu5(self.bn5(self.conv5(x))))
        x = torch.flatten(x, 1)
        x = self.relu6(self.fc6(self.drop6(x)))
        x = self.relu7(self.fc7(self.drop7(x)))
        return self.fc8(x)


class AlexNetXnor(nn.Module):
    """The same eight layers as an XNOR network: conv1 stays fp32, the others have binary inputs and binary weights."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 48, kernel_size=7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(48)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.bn2 = nn.BatchNorm2d(48)
        self.sign2 = Sign()
        self.conv2 = BinConv2d(48, 96, kernel_size=5, padding=2)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.bn3 = nn.BatchNorm2d(96)
        self.sign3 = Sign()
        self.conv3 = BinConv2d(96, 160, kernel_size=3, padding=1)
        self.relu3 = nn.ReLU()

        self.bn4 = nn.BatchNorm2d(160)
        self.sign4 = Sign()
        self.conv4 = BinConv2d(160, 128, kernel_size=3, padding=1)
        self.relu4 = nn.ReLU()

        self.bn5 = nn.BatchNorm2d(128)
        self.sign5 = Sign()
        self.conv5 = BinConv2d(128, 128, kernel_size=3, padding=1)
        self.relu5 = nn.ReLU()
        self.pool5 = nn.MaxPool2d(kernel_size=3, stride=2)

        self.bn6 = nn.BatchNorm1d(128 * 3 * 3)
        self.sign6 = Sign()
        self.fc6 = BinLinear(128 * 3 * 3, 384)
        self.relu6 = nn.ReLU()

        self.bn7 = nn.BatchNorm1d(384)
        self.sign7 = Sign()
        self.fc7 = BinLinear(384, 384)
        self.relu7 = nn.ReLU()

        self.bn8 = nn.BatchNorm1d(384)
        self.sign8 = Sign()
        self.fc8 = BinLinear(384, classes)

    def forward(self, x):
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.pool2(self.relu2(self.conv2(self.sign2(self.bn2(x)))))
        x = self.relu3(self.conv3(self.sign3(self.bn3(x))))
        x = self.relu4(self.conv4(self.sign4(self.bn4(x))))
        x = self.pool5(self.relu5(self.conv5(self.sign5(self.bn5(x)))))
        x = torch.flatten(x, 1)
        x = self.relu6(self.fc6(self.sign6(self.bn6(x))))
        x = self.relu7(self.fc7(self.sign7(self.bn7(x))))
        return self.fc8(self.sign8(self.bn8(x)))


class ResidualBlock(nn.Module):
    """Two convolutions and a skip connection, added with a plain `+`."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, kernel_size=1, stride=stride, bias=False),
                                            nn.BatchNorm2d(outputs))
        self.relu2 = nn.ReLU()

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return self.relu2(x + identity)


class Residual(nn.Module):
    """A small ResNet."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, kernel_size=3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = ResidualBlock(32, 32)
        self.layer2 = ResidualBlock(32, 64, stride=2)
        self.layer3 = ResidualBlock(64, 128, stride=2)
        self.layer4 = ResidualBlock(128, 128)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(128, classes)

    def forward(self, x):
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class SharedReluBlock(nn.Module):
    """A block that eager-mode quantization cannot take: one in-place ReLU used twice, a skip connection added with `+=`."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out += identity
        out = self.relu(out)
        return out


class MendedBlock(nn.Module):
    """The same block with a ReLU for each use and a FloatFunctional for the addition."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.skip_add = FloatFunctional()
        self.relu2 = nn.ReLU()

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu1(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out = self.skip_add.add(out, identity)
        out = self.relu2(out)
        return out


class SkipNet(nn.Module):
    """Two stages of a convolution and a skip block."""

    def __init__(self, block, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, kernel_size=5, stride=2, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(kernel_size=2)
        self.block1 = block(32)
        self.conv2 = nn.Conv2d(32, 96, kernel_size=3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(96)
        self.relu2 = nn.ReLU()
        self.block2 = block(96)
        self.pool2 = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(96, classes)

    def forward(self, x):
        x = self.pool1(self.relu1(self.bn1(self.conv1(x))))
        x = self.block1(x)
        x = self.relu2(self.bn2(self.conv2(x)))
        x = self.block2(x)
        x = torch.flatten(self.pool2(x), 1)
        return self.fc(x)


class NotQuantizable(SkipNet):
    def __init__(self):
        super().__init__(SharedReluBlock)


class Quantizable(SkipNet):
    def __init__(self):
        super().__init__(MendedBlock)


MODELS = {"alexnet-xnor": AlexNetXnor, "alexnet": AlexNet, "residual": Residual,
          "not-quantizable": NotQuantizable, "quantizable": Quantizable}
