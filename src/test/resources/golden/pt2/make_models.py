"""Small torch.export archives with PyTorch's answers, for the reader's tests: one folder a case beside this file.

Each folder holds model.pt2, input.bin (one image) and output.bin (both float32, little-endian).
"""
import pathlib
import re

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.ao.nn.quantized import FloatFunctional

HERE = pathlib.Path(__file__).parent


class NotQuantizable(nn.Module):
    """The forum's example: one in-place ReLU used twice, a skip connection added with +."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)

    def forward(self, x):
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        identity = out
        out = self.conv2(out)
        out = self.bn2(out)
        out = out + identity
        out = self.relu(out)
        return out


class Quantizable(nn.Module):
    """The same, mended."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu1 = nn.ReLU(inplace=False)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.skip_add = FloatFunctional()
        self.relu2 = nn.ReLU(inplace=False)

    def forward(self, x):
        identity = self.relu1(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(identity))
        out = self.skip_add.add(out, identity)
        return self.relu2(out)


class BinConv2d(nn.Module):
    def __init__(self, channels_in, channels_out, kernel, padding):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, channels_in, kernel, kernel))
        self.bias = nn.Parameter(torch.randn(channels_out))
        self.padding = padding

    def forward(self, x):
        centred = self.weight - self.weight.mean(1, keepdim=True)
        latent = centred.clamp(-1.0, 1.0)
        alpha = latent.abs().mean(dim=(1, 2, 3), keepdim=True)
        return F.conv2d(torch.sign(x), alpha * torch.sign(latent), self.bias, padding=self.padding)


class BinLinear(nn.Module):
    def __init__(self, features_in, features_out):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(features_out, features_in))

    def forward(self, x):
        alpha = self.weight.abs().mean(1, keepdim=True)
        binary = torch.where(self.weight >= 0, 1.0, -1.0) * alpha
        return F.linear(torch.sign(x), binary.detach())


class Binarized(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2)
        self.bn2 = nn.BatchNorm2d(8)
        self.conv2 = BinConv2d(8, 6, 3, 1)
        self.bn3 = nn.BatchNorm1d(6 * 25)
        self.fc3 = BinLinear(6 * 25, 5)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = self.conv2(self.bn2(x))
        return self.fc3(self.bn3(torch.flatten(x, 1)))


class Breadth(nn.Module):
    """Every operator on activations that the reader knows."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 1), groups=1),
            nn.BatchNorm2d(8), nn.ReLU6(), nn.Conv2d(8, 8, 3, padding="same", groups=4), nn.LeakyReLU(0.2),
            nn.MaxPool2d(3, 2, padding=1, ceil_mode=True), nn.Hardtanh(-0.5, 0.75))
        self.avgpool = nn.AvgPool2d(2, 1, padding=1, count_include_pad=False)
        self.gate = nn.Sigmoid()
        self.adaptive = nn.AdaptiveAvgPool2d((2, 3))
        self.classifier = nn.Sequential(nn.Dropout(), nn.Linear(16 * 6, 12), nn.ReLU(inplace=True), nn.Linear(12, 7))
        self.register_buffer("shift", torch.randn(1, 8, 1, 1))

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        y = self.gate(x) * x + self.shift
        y = y.sub_(0.25) / 1.5
        x = torch.cat([x, y.clamp(min=-0.3, max=2.0)], dim=1)
        x = self.adaptive(x)
        x = x.view(x.size(0), -1)
        return F.log_softmax(self.classifier(x), dim=1)


class GlobalMean(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.fc = nn.Linear(6, 4)

    def forward(self, x):
        x = self.conv(x).relu_().mean([2, 3], keepdim=True)
        return torch.softmax(self.fc(x.flatten(1)), -1)


class ResponseNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.LocalResponseNorm(5, alpha=0.2, beta=0.75, k=2.0)

    def forward(self, x):
        return self.norm(self.conv(x))


class RunningSum(nn.Module):
    def forward(self, x):
        return torch.cumsum(x, 2)


class NotSupported(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.sums = RunningSum()
        self.conv2 = nn.Conv2d(4, 2, 3)

    def forward(self, x):
        return self.conv2(self.sums(self.conv(x)))


class ViewsInPlace(nn.Module):
    """What is written through a view shows in the tensor that it looks into, and the other way round."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(400, 5)

    def forward(self, x):
        x = self.conv(x)
        flat = x.view(x.size(0), -1)
        x.relu_()
        y = self.fc(flat)
        y.add_(0.5)
        return y


class NoGrad(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        with torch.no_grad():
            x = F.relu(self.conv(x))
        return self.fc(x.mean([2, 3]))


class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.pad = nn.ZeroPad2d((1, 2, 0, 1))
        self.conv = nn.Conv2d(3, 4, 3, stride=2, bias=False)
        self.conv2 = nn.Conv2d(4, 6, 3, dilation=2, padding=2, groups=2)

    def forward(self, x):
        return self.conv2(F.pad(self.conv(self.pad(x)), (1, 1, 1, 1))).flatten(1)


class Sorted(nn.Module):
    """An operator with several results, which is not supported, between layers that are."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.conv2 = nn.Conv2d(4, 3, 3)

    def forward(self, x):
        values, order = torch.sort(self.conv(x), dim=1)
        return self.conv2(values + order)


class Chunked(nn.Module):
    """Two operators with several results."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.conv2 = nn.Conv2d(2, 3, 3)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        a, b = self.conv(x).chunk(2, dim=1)
        top, _ = self.conv2(a + b).flatten(2).max(dim=2)
        return self.fc(torch.cat([top, torch.clamp(top, max=torch.ones(1))], 1))


class SharedNorm(nn.Module):
    """A response normalization with something else that reads its square."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)

    def forward(self, x):
        x = self.conv(x)
        square = x * x
        sums = F.avg_pool3d(F.pad(square.unsqueeze(1), (0, 0, 0, 0, 2, 2)), (5, 1, 1), stride=1).squeeze(1)
        return x / (sums * 0.2 + 2.0).pow(0.75) + square


def tidy(program):
    """Stack traces without the folders of the machine that made them."""
    for node in program.graph.nodes:
        trace = node.meta.get("stack_trace")
        if trace:
            trace = re.sub(r'File "[^"]*/site-packages/', 'File "', trace)
            node.meta["stack_trace"] = re.sub(r'File "/[^"]*/', 'File "', trace).replace(
                pathlib.Path(__file__).name, "models.py")
    return program


def case(name, net, decompose=False, dynamic=True, batch=2):
    torch.manual_seed(len(name))
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
            if module.affine:
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
    net.eval()
    x = torch.randn(batch, 3, 12, 12)
    shapes = {"x": {0: torch.export.Dim("N", min=1, max=64)}} if dynamic else None
    program = torch.export.export(net, (x,), dynamic_shapes=shapes)
    if decompose:
        program = program.run_decompositions()
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    tidy(program)
    program.example_inputs = None
    torch.export.save(program, folder / "model.pt2", extra_files={"class_names.json": '["a", "b"]'})
    x[0].numpy().astype("<f4").tofile(folder / "input.bin")
    with torch.no_grad():
        net(x[:1].clone()).numpy().astype("<f4").tofile(folder / "output.bin")
    print(name, sorted({str(n.target) for n in program.graph.nodes if n.op == "call_function"}))


if __name__ == "__main__":
    torch.manual_seed(0)
    case("not-quantizable", NotQuantizable())
    case("quantizable", Quantizable())
    case("binarized", Binarized())
    case("breadth", Breadth())
    case("breadth-decomposed", Breadth(), decompose=True)
    case("global-mean", GlobalMean())
    case("fixed-batch", Breadth(), dynamic=False, batch=3)
    case("response-norm", ResponseNorm())
    case("unsupported", NotSupported())
    case("views-in-place", ViewsInPlace())
    case("no-grad", NoGrad())
    case("padded", Padded())
    case("chunked", Chunked())
    case("sorted", Sorted())
    case("shared-norm", SharedNorm())
