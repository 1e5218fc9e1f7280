"""A network that torch.ao quantizes before it is exported, with PyTorch's answers: one folder a case beside this file.

quantized        quint8 activations of reduced range, weights per channel (fbgemm)
quantized-full   quint8 activations of full range, weights per tensor (qnnpack)

The quantized operators are written in the decomposed form, quantized_decomposed.quantize_per_tensor and the like around
operators in fp32, which is what torchao's convert_pt2e writes, too.
"""
import torch
from torch import nn
from torch.ao.quantization import get_default_qconfig_mapping
from torch.ao.quantization.quantize_fx import _convert_to_reference_decomposed_fx, prepare_fx

from make_models import HERE, tidy
from make_operators import deflate


class Quantized(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.relu1 = nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8), nn.ReLU()
        self.conv2, self.relu2 = nn.Conv2d(8, 8, 3, padding=1, groups=2), nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        x = self.relu1(self.bn1(self.conv1(x)))
        x = self.relu2(self.conv2(x) + x)
        return self.fc(torch.flatten(self.pool(x), 1))


def case(name, backend):
    torch.manual_seed(7)
    net = Quantized().eval()
    nn.init.uniform_(net.bn1.running_mean, -0.2, 0.2)
    nn.init.uniform_(net.bn1.running_var, 0.5, 1.5)
    x = torch.randn(4, 3, 12, 12)
    prepared = prepare_fx(net, get_default_qconfig_mapping(backend), (x,))
    with torch.no_grad():
        prepared(x)
    converted = _convert_to_reference_decomposed_fx(prepared)
    program = tidy(torch.export.export(converted, (x,), dynamic_shapes=({0: torch.export.Dim("N", min=1, max=64)},)))
    program.example_inputs = None
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    torch.export.save(program, folder / "model.pt2")
    deflate(folder / "model.pt2")
    x[0].numpy().astype("<f4").tofile(folder / "input.bin")
    with torch.no_grad():
        converted(x[:1].clone()).numpy().astype("<f4").tofile(folder / "output.bin")
    print(name, sorted({str(n.target) for n in program.graph.nodes if n.op == "call_function"}))


if __name__ == "__main__":
    case("quantized", "fbgemm")
    case("quantized-full", "qnnpack")
