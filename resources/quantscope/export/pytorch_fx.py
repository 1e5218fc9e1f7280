"""@TITLE@

Written by Quantscope @VERSION@ from @MODEL@
(sha256 @SHA256@).

@INT8_SENTENCE@
For FX graph mode, on a model of your own@WHOSE@:

    import @MODULE@
    converted = @MODULE@.quantize(model, example_input)

@CHOICES_FILE@ beside this file holds the qconfig_mapping, and every scale and zero point that was shown; quantize pins
those, so nothing has to be calibrated again. To calibrate anew, use prepare and convert_fx, and leave pin out.
@MEANT_FOR@
"""
import collections
import copy
import json
import operator
import pathlib
import warnings

import torch
from torch import nn
from torch.ao.quantization import QConfig, QConfigMapping
from torch.ao.quantization import observer as observers
from torch.ao.quantization.quantize_fx import QuantizationTracer, convert_fx, prepare_fx
from torch.nn import functional as F

warnings.filterwarnings("ignore", message=".*(torch.ao.quantization is deprecated|will be (removed|deprecated)).*")

CHOICES = json.loads(pathlib.Path(__file__).with_name("@CHOICES_FILE@").read_text(encoding="utf-8"))

# What a model may call for a layer that is no module of its own: functions, and methods of a tensor.
CALLS = {
    "add": [operator.add, torch.add, "add", "add_"],
    "mul": [operator.mul, torch.mul, "mul", "mul_"],
    "cat": [torch.cat],
    "relu": [F.relu, torch.relu, "relu", "relu_"],
    "hardtanh": [F.hardtanh, F.relu6, torch.clamp, "clamp", "clamp_"],
    "leaky_relu": [F.leaky_relu],
    "sigmoid": [torch.sigmoid, F.sigmoid, "sigmoid", "sigmoid_"],
    "max_pool2d": [F.max_pool2d, torch.max_pool2d],
    "avg_pool2d": [F.avg_pool2d],
    "adaptive_avg_pool2d": [F.adaptive_avg_pool2d],
    "flatten": [torch.flatten, "flatten"],
    "reshape": [torch.reshape, "reshape", "view"],
    "dropout": [F.dropout],
    "softmax": [F.softmax, torch.softmax, "softmax"],
    "log_softmax": [F.log_softmax, torch.log_softmax, "log_softmax"],
}


class ApartBehind(nn.Module):
    """A layer that FX shall not fuse with what follows it."""

    def __init__(self, layer):
        super().__init__()
        self.layer, self.apart = layer, nn.Identity()

    def forward(self, x):
        return self.apart(self.layer(x))


class ApartBefore(ApartBehind):
    """A layer that FX shall not fuse with what it reads."""

    def forward(self, x):
        return self.layer(self.apart(x))


@PINNED@


def qconfig_mapping():
    """The chosen layers' qconfigs; every other layer has None."""
    libraries = {"operator": operator, "torch": torch, "torch.nn.functional": F}

    def function(name):
        library, _, member = name.rpartition(".")
        return getattr(libraries[library], member)

    def observer(spec):
        words = {name: getattr(torch, value) if name in ("dtype", "qscheme") else value
                 for name, value in spec.items() if name != "observer"}
        return getattr(observers, spec["observer"]).with_args(**words)

    def qconfig(json_object):
        return json_object and QConfig(observer(json_object["activation"]), observer(json_object["weight"]))

    mapping = CHOICES["qconfig_mapping"]
    return QConfigMapping.from_dict({
        "": qconfig(mapping[""]),
        "module_name": [(name, qconfig(q)) for name, q in mapping["module_name"]],
        "module_name_object_type_order": [
            (scope, function(name), order, qconfig(q))
            for scope, name, order, q in mapping["module_name_object_type_order"]],
    })


def separate(model):
    """A copy in evaluation mode in which the layers stand apart that FX would fuse and the choices do not."""
    model = copy.deepcopy(model).eval()
    for kind, paths in ((ApartBehind, CHOICES["apart"]["behind"]), (ApartBefore, CHOICES["apart"]["before"])):
        for path in paths:
            parent, _, name = path.rpartition(".")
            setattr(model.get_submodule(parent), name, kind(model.get_submodule(path)))
    return model


def name_layers(separated):
    """Node name -> ("module", path, use), (kind of function, index) or ("input",), before FX fuses anything."""
    names, uses, live = {}, collections.Counter(), set()
    apart = CHOICES["apart"]["behind"] + CHOICES["apart"]["before"]
    for node in QuantizationTracer([], []).trace(separated).nodes:
        if node.op == "placeholder":
            names[node.name] = ("input",)
        elif not live.intersection(node.all_input_nodes):
            continue  # computes with parameters alone
        elif node.op == "call_module":
            path, _, last = node.target.rpartition(".")
            if path not in apart:
                path = node.target
            elif last == "apart":
                live.add(node)
                continue
            names[node.name] = ("module", path, uses[path])
            uses[path] += 1
        else:
            kind = next((kind for kind, calls in CALLS.items() if node.target in calls), None)
            if kind is not None:
                names[node.name] = (kind, uses[kind,])
                uses[kind,] += 1
        live.add(node)
    return names


def prepare(model, *example_inputs):
    """prepare_fx with the chosen qconfigs; the observers wait for calibration, or for pin."""
    torch.backends.quantized.engine = CHOICES["engine"]
    return prepare_fx(separate(model), qconfig_mapping(), example_inputs)


def pin(prepared, names):
    """Gives a prepared model's observers the scales and zero points that were shown; names is of name_layers."""
    activations = {tuple(place): (scale, zero_point) for place, scale, zero_point in CHOICES["activations"]}
    keeps = {tuple(place) for place in CHOICES["keeps"]} | {None}  # None are observers, and what sets apart
    modules = dict(prepared.named_modules(remove_duplicate=False))
    origin, used, pinned = {}, set(), {}
    for node in prepared.graph.nodes:
        if node.op == "output":
            continue
        # What only moves values keeps the scale of what it reads.
        place = names.get(node.name)
        moves = place not in activations and place in keeps and node.all_input_nodes
        origin[node] = origin[node.all_input_nodes[0]] if moves else place
        if node.op != "call_module" or not isinstance(modules[node.target], observers.ObserverBase):
            continue
        if origin[node] not in activations:
            raise ValueError(f"FX observes {node.args[0].name}, for which no scale was shown; is this the model that "
                             "was quantized?")
        if pinned.setdefault(node.target, origin[node]) != origin[node]:
            raise ValueError(f"FX gives {pinned[node.target]} and {origin[node]} one scale, they were shown with two")
        used.add(origin[node])
        scale, zero_point = activations[origin[node]]
        setattr(prepared, node.target, Pinned(torch.quint8, torch.per_tensor_affine, scale, zero_point, 0, 255))
    if set(activations) != used:
        raise ValueError(f"FX observes nothing for {sorted(set(activations) - used)}; is this the model that was "
                         "quantized?")
    for path, (qscheme, scales, zero_points, low, high) in CHOICES["weights"].items():
        layer = modules.get(path + ".layer", modules[path])
        weight = (layer[0] if isinstance(layer, nn.Sequential) else layer).weight
        scale, zero_point = torch.tensor(scales), torch.tensor(zero_points)
        if scale.dim():
            scale, zero_point = (t.reshape([-1] + [1] * (weight.dim() - 1)) for t in (scale, zero_point))
        with torch.no_grad():  # the planned levels may be fewer than the type's, and convert_fx clamps to the type's
            weight.copy_(torch.maximum(torch.minimum(weight, (high - zero_point) * scale), (low - zero_point) * scale))
        layer.qconfig = QConfig(layer.qconfig.activation, Pinned.with_args(
            dtype=torch.qint8, qscheme=getattr(torch, qscheme), scale=scales, zero_point=zero_points, quant_min=low,
            quant_max=high))
    return prepared


def quantize(model, *example_inputs):
    """The model converted by FX graph mode: int8 in the chosen layers as was shown, everything else untouched."""
    return convert_fx(pin(prepare(model, *example_inputs), name_layers(separate(model))))
