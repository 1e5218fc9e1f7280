"""Makes eager.json: a small residual network quantized in PyTorch's eager mode (fbgemm).

python make_golden.py > eager.json
"""
import json
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


def numbers(tensor):
    return [float(v) for v in tensor.detach().flatten()]


net = Net().eval()
for bn in (net.bn1, net.bn2):
    bn.running_mean.normal_(0, 0.3)
    bn.running_var.uniform_(0.2, 1.5)
    nn.init.uniform_(bn.weight, 0.5, 1.5)
    nn.init.normal_(bn.bias, 0, 0.3)
images = torch.randn(10, 3, 8, 8)
out = {"state": {k: numbers(v) for k, v in net.state_dict().items() if "num_batches" not in k},
       "images": numbers(images)}
fuse_modules(net, [["conv1", "bn1", "relu1"], ["conv2", "bn2"]], inplace=True)
out["folded"] = {k: numbers(v) for k, v in (
    ("conv1.weight", net.conv1[0].weight), ("conv1.bias", net.conv1[0].bias),
    ("conv2.weight", net.conv2.weight), ("conv2.bias", net.conv2.bias))}
net.qconfig = get_default_qconfig("fbgemm")
prepare(net, inplace=True)
with torch.no_grad():
    for start in range(0, 10, 4):
        net(images[start:start + 4])
    convert(net, inplace=True)
    out["activations"] = {}
    out["weights"] = {}
    for name in ("quant_conv1", "conv1", "conv2", "add", "fc"):
        module = getattr(net, name)
        out["activations"][name] = [float(module.scale), int(module.zero_point)]
        if hasattr(module, "weight"):
            weight = module.weight()
            out["weights"][name] = {"levels": [int(v) for v in weight.int_repr().flatten()],
                                    "scales": [float(s) for s in weight.q_per_channel_scales()]}
    captured = {}
    for name in ("quant_conv1", "conv1", "conv2", "pool", "fc"):
        getattr(net, name).register_forward_hook(
            lambda m, i, o, name=name: captured.setdefault(name, []).extend(o.int_repr().flatten().tolist()))
    for image in images:
        net(image.unsqueeze(0))
    out["levels"] = captured
print(json.dumps(out, separators=(",", ":")))
