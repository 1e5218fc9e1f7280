"""Quantizes the sample models by exported qconfig_mappings in FX graph mode and compares with the exported eager network.

check(folder, expected, eager) is called by check_export.py. The eager network's levels are the program's own; both run
here with the same fp32 layers, so the int8 tensors are the same bit for bit. A binarized network computes its binary
layers in fp32 in its own code, and int8 behind them may differ by a level where a sum lies on the edge between two.
"""
import pathlib
import sys

import numpy as np
import torch

SCRIPTS = pathlib.Path(__file__).resolve().parents[3] / "sample-models" / "scripts"
CHECKPOINTS = SCRIPTS.parents[1] / "src" / "test" / "resources" / "golden" / "checkpoint"


def users_model(file):
    """The sample model as its author has it: the class from the scripts, the weights from the archive; or the network
    that a checkpoint was made of."""
    sys.path[:0] = [str(SCRIPTS), str(CHECKPOINTS)]
    import models
    import nets

    if file.endswith("resnet18.pth"):
        return nets.fill(nets.ResNet(18, (3, 4, 5, 6), 3, 4), 6).eval()
    if file.endswith("vgg13-bn-legacy.pth"):
        return nets.fill(nets.Vgg(13, True, (3, 4, 4, 3, 3), 8, 4), 5).eval()
    model = models.MODELS[pathlib.Path(file).stem]()
    # The ONNX files are of the same networks, and keep the names of their modules.
    model.load_state_dict(torch.export.load(pathlib.Path(file).with_suffix(".pt2")).state_dict)
    return model.eval()


class Recorder(torch.fx.Interpreter):
    """Keeps the int8 value of every node."""

    def run_node(self, n):
        value = super().run_node(n)
        if isinstance(value, torch.Tensor) and value.is_quantized:
            self.values[n] = value
        return value

    def record(self, x):
        self.values = {}
        self.run(x)
        return self.values


def find(values, place, scale, zero_point, stub, adds):
    """The nodes whose value has to be that of a place."""
    if stub:
        return [(n, v) for n, v in values.items() if n.target is torch.quantize_per_tensor
                and v.q_scale() == scale and v.q_zero_point() == zero_point]
    if place[0] == "module":
        return [(n, v) for n, v in values.items() if n.target in (place[1], place[1] + ".layer")]
    sums = [(n, v) for n, v in values.items() if n.target in (torch.ops.quantized.add, torch.ops.quantized.add_relu)]
    return [sums[adds.index(place)]]


def clamped(node, levels, zero_point):
    """FX adds and clamps in one step where the model has one ReLU for several places, fused elsewhere."""
    return levels.clamp(min=zero_point) if node.target is torch.ops.quantized.add_relu else levels


def check(fx, model, inputs, nodes, eager_levels):
    """Module of the eager network -> how many levels differ; eager_levels(x) gives them by module."""
    converted = fx.quantize(model, inputs[:1])
    recorder = Recorder(converted)
    activations = fx.CHOICES["activations"]
    adds = sorted(place for place, _, _ in activations if place[0] == "add")
    counts = {node["module"]: {"different": 0, "largest": 0, "total": 0} for node in nodes}
    for x in torch.split(inputs, 1):
        values = recorder.record(x)
        eager = eager_levels(x)
        for node, (place, scale, zero_point) in zip(nodes, activations, strict=True):
            scale = float(np.float32(scale))
            found = find(values, place, scale, zero_point, node["stub"], adds)
            if not found:
                raise SystemExit(f"{place} is not int8 in {converted}")
            wanted = eager[node["module"]].int_repr().int()
            off = min(((v.int_repr().int() - clamped(n, wanted, zero_point)).abs() for n, v in found
                       if v.shape == wanted.shape), key=lambda t: int(t.sum()))
            count = counts[node["module"]]
            count["different"] += int((off > 0).sum())
            count["largest"] = max(count["largest"], int(off.max()))
            count["total"] += off.numel()
    return converted, counts
