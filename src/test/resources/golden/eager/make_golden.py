"""Makes eager.json and operators.json: small networks quantized in PyTorch's eager mode (fbgemm).

python make_golden.py
"""
import json
import pathlib
import warnings

import torch
from torch import nn
from torch.ao.nn.quantized import FloatFunctional
from torch.ao.quantization import DeQuantStub, QuantStub, convert, fuse_modules, get_default_qconfig, prepare

warnings.filterwarnings("ignore")
torch.manual_seed(3)
torch.set_num_threads(1)
torch.backends.quantized.engine = "fbgemm"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant_conv1 = QuantStub()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(4)
        self.add = FloatFunctional()
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(64, 5)
        self.dequant_fc = DeQuantStub()

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv1(self.quant_conv1(x))))
        y = self.bn2(self.conv2(x))
        x = self.add.add_relu(y, x)
        return self.dequant_fc(self.fc(torch.flatten(self.pool(x), 1)))


class Operators(nn.Module):
    """Every layer with an int8 kernel that Net lacks; only bn3 and relu3 are fused."""

    def __init__(self):
        super().__init__()
        self.quant_conv1 = QuantStub()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu1 = nn.ReLU()
        self.leaky = nn.LeakyReLU(0.1)
        self.pool = nn.AvgPool2d(2)
        self.bn3 = nn.BatchNorm2d(4)
        self.relu3 = nn.ReLU()
        self.cat = FloatFunctional()
        self.conv2 = nn.Conv2d(8, 4, 1)
        self.sigmoid = nn.Sigmoid()
        self.mul = FloatFunctional()
        self.clip = nn.Hardtanh(0.0, 1.0)
        self.gap = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4, 5)
        self.relu4 = nn.ReLU()
        self.dequant_relu4 = DeQuantStub()

    def forward(self, x):
        x = self.pool(self.leaky(self.relu1(self.bn1(self.conv1(self.quant_conv1(x))))))
        x = self.conv2(self.cat.cat([self.relu3(self.bn3(x)), x], 1))
        x = self.gap(self.clip(self.mul.mul(self.sigmoid(x), x)))
        return self.dequant_relu4(self.relu4(self.fc(torch.flatten(x, 1))))


def numbers(tensor):
    return [float(v) for v in tensor.detach().flatten()]


def golden(net, norms, fused, observed, captured):
    net.eval()
    for bn in norms:
        bn = getattr(net, bn)
        bn.running_mean.normal_(0, 0.3)
        bn.running_var.uniform_(0.2, 1.5)
        nn.init.uniform_(bn.weight, 0.5, 1.5)
        nn.init.normal_(bn.bias, 0, 0.3)
    images = torch.randn(10, 3, 8, 8)
    out = {"state": {k: numbers(v) for k, v in net.state_dict().items() if "num_batches" not in k},
           "images": numbers(images), "folded": {}, "activations": {}, "weights": {}}
    fuse_modules(net, fused, inplace=True)
    for group in fused:
        conv = getattr(net, group[0])
        conv = conv[0] if isinstance(conv, nn.Sequential) else conv
        if isinstance(conv, nn.Conv2d):
            out["folded"][group[0] + ".weight"] = numbers(conv.weight)
            out["folded"][group[0] + ".bias"] = numbers(conv.bias)
    net.qconfig = get_default_qconfig("fbgemm")
    prepare(net, inplace=True)
    levels = {}
    with torch.no_grad():
        for start in range(0, 10, 4):
            net(images[start:start + 4])
        convert(net, inplace=True)
        for name in observed:
            module = getattr(net, name)
            if isinstance(module, nn.Sigmoid):  # has no observer and no parameters, its kernel fixes them
                any_input = torch.quantize_per_tensor(torch.zeros(1), 0.1, 3, torch.quint8)
                out["activations"][name] = [module(any_input).q_scale(), module(any_input).q_zero_point()]
                continue
            out["activations"][name] = [float(module.scale), int(module.zero_point)]
            if name.startswith(("conv", "fc")):
                weight = module.weight()
                out["weights"][name] = {"levels": [int(v) for v in weight.int_repr().flatten()],
                                        "scales": [float(s) for s in weight.q_per_channel_scales()]}
        for name in captured:
            getattr(net, name).register_forward_hook(
                lambda m, i, o, name=name: levels.setdefault(name, []).extend(o.int_repr().flatten().tolist()))
        for image in images:
            net(image.unsqueeze(0))
    out["levels"] = levels
    return out


def write(name, out):
    pathlib.Path(__file__).with_name(name).write_text(json.dumps(out, separators=(",", ":")) + "\n")


write("eager.json", golden(Net(), ["bn1", "bn2"], [["conv1", "bn1", "relu1"], ["conv2", "bn2"]],
                           ["quant_conv1", "conv1", "conv2", "add", "fc"],
                           ["quant_conv1", "conv1", "conv2", "pool", "fc"]))
write("operators.json", golden(Operators(), ["bn1", "bn3"], [["bn3", "relu3"]],
                               ["quant_conv1", "conv1", "bn1", "leaky", "bn3", "cat", "conv2", "sigmoid", "mul", "fc"],
                               ["conv1", "bn1", "relu1", "leaky", "pool", "bn3", "conv2", "sigmoid", "clip", "gap",
                                "relu4"]))
