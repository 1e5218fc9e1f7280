#!/usr/bin/env python3
"""@TITLE@

Written by Quantscope @VERSION@ from @MODEL@
(sha256 @SHA256@).

@INT8_SENTENCE@
A QuantStub stands wherever int8 begins and a DeQuantStub wherever it ends; only the stubs and these layers have a
qconfig. Scales and zero points are pinned to what calibration found, so nothing has to be calibrated again.
The weights are in @WEIGHTS_FILE@ beside this file.
@MEANT_FOR@

    python @FILE_NAME@ --images DIR
        prints the top-1 class of every image as JSON
    python @FILE_NAME@ --images DIR --capture LAYER --out FILE.npz
        also keeps the layer's output, int8 levels where it is quantized

Other programs import build_int8, build_float, load_int8 and preprocess.
"""
import argparse
import json
import pathlib
import re
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.ao.nn import quantized as nnq
@IMPORTS@
from torch.ao.quantization.observer import ObserverBase

warnings.filterwarnings("ignore", message=".*(torch.ao.quantization is deprecated|deprecated and will be removed).*")

ENGINE = "@ENGINE@"
CLASS_NAMES = @CLASS_NAMES@
RESIZE = @RESIZE@  # the shorter side, None for none
CROP = @CROP@  # height, width
MEAN = @MEAN@
STD = @STD@
# module -> (scale, zero point) of its output
ACTIVATIONS = @ACTIVATIONS@
# module -> scheme, scale(s) and zero point(s) of its weight, lowest and highest level
WEIGHTS = @WEIGHTS@
# modules that eager mode fuses into their first
FUSED = @FUSED@


@PINNED@


@HELPERS@class Net(nn.Module):
    """The network, every module used once."""

    def __init__(self):
        super().__init__()
@CONSTRUCTORS@

    def forward(self, x):
@FORWARD@


def build_float():
    """The network before any of its modules becomes int8, with its weights, in evaluation mode."""
    net = Net().eval()
    with np.load(pathlib.Path(__file__).with_name("@WEIGHTS_FILE@")) as arrays:
        state = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    missing, unexpected = net.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise SystemExit(f"@WEIGHTS_FILE@ belongs to another file: it lacks {missing} and has {unexpected}")
    return net


def build_int8():
    """The converted network: int8 in the chosen modules, everything else untouched."""
    return convert_chosen(build_float())


def convert_chosen(net):
    """Fuses, prepares and converts with the pinned scales and zero points."""
    torch.backends.quantized.engine = ENGINE
    for group in FUSED:
        fuse_modules(net, group, inplace=True)
    for name, (scale, zero_point) in ACTIVATIONS.items():
        activation = Pinned.with_args(
            dtype=torch.quint8, qscheme=torch.per_tensor_affine, scale=scale, zero_point=zero_point,
            quant_min=0, quant_max=255)
        # a module without a weight never asks for this one
        qscheme, scales, zero_points, low, high = WEIGHTS.get(name, ("per_tensor_symmetric", 1.0, 0, -128, 127))
        weight = Pinned.with_args(
            dtype=torch.qint8, qscheme=getattr(torch, qscheme), scale=scales, zero_point=zero_points,
            quant_min=low, quant_max=high)
        getattr(net, name).qconfig = QConfig(activation=activation, weight=weight)
    for module in net.modules():
        if isinstance(module, DeQuantStub):  # convert passes over modules without a qconfig; this one observes nothing
            module.qconfig = QConfig(activation=nn.Identity, weight=nn.Identity)
    prepare(net, inplace=True)
    return convert(net, inplace=True)


def load_int8(file):
    """The converted network with the tensors of a .safetensors file exported of the same choices."""
    from safetensors import safe_open

    state = {}
    with safe_open(file, framework="pt") as tensors:
        modules = json.loads(tensors.metadata()["modules"])
        for key in tensors.keys():
            layer, _, tensor = key.rpartition(".")
            state[modules[key] if key in modules else f"{modules[layer]}.{tensor}"] = tensors.get_tensor(key)
    net = convert_chosen(Net().eval())
    for name, module in net.named_children():
        if isinstance(module, (nnq.Conv2d, nnq.Linear)):
            levels, scale, zero_point = (state[f"{name}.weight{end}"] for end in ("", "_scale", "_zero_point"))
            weight = torch._make_per_channel_quantized_tensor(levels, scale.double(), zero_point, 0) if scale.dim() \
                else torch._make_per_tensor_quantized_tensor(levels, float(scale), int(zero_point))
            module.set_weight_bias(weight, state.get(f"{name}.bias"))
        if isinstance(module, nnq.Sigmoid):
            module.output_scale = float(state[f"{name}.scale"])
            module.output_zero_point = int(state[f"{name}.zero_point"])
        elif isinstance(getattr(module, "scale", None), torch.Tensor):
            module.scale.fill_(state[f"{name}.scale"])
            module.zero_point.fill_(state[f"{name}.zero_point"])
        elif hasattr(module, "zero_point"):
            module.scale, module.zero_point = float(state[f"{name}.scale"]), int(state[f"{name}.zero_point"])
    for name, tensor in [*net.named_parameters(), *net.named_buffers()]:
        if name in state and tensor.dtype == torch.float32 and not name.endswith(".scale"):
            tensor.detach().copy_(state[name])
    loaded = state_int8(net)
    other = [name for name in state.keys() | loaded.keys()
             if name not in state or name not in loaded or not torch.equal(state[name], loaded[name])]
    if other:
        raise SystemExit(f"{file} belongs to other choices: {', '.join(sorted(other))} differ")
    return net


def state_int8(net):
    """Tensors of a converted network, named as in the .safetensors file but by this file's modules."""
    state = {}
    for name, module in net.named_children():
        scale, zero_point = (getattr(module, "output_" + word, None) if isinstance(module, nnq.Sigmoid)
                             else getattr(module, word, None) for word in ("scale", "zero_point"))
        if zero_point is not None:
            state[f"{name}.scale"] = torch.as_tensor(scale, dtype=torch.float32).reshape(())
            state[f"{name}.zero_point"] = torch.as_tensor(zero_point, dtype=torch.int64).reshape(())
        if isinstance(module, (nnq.Conv2d, nnq.Linear)):
            weight = module.weight()
            by_channel = weight.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric)
            state[f"{name}.weight"] = weight.int_repr()
            state[f"{name}.weight_scale"] = (weight.q_per_channel_scales() if by_channel
                                             else torch.tensor(weight.q_scale())).float()
            state[f"{name}.weight_zero_point"] = (weight.q_per_channel_zero_points() if by_channel
                                                  else torch.tensor(weight.q_zero_point())).long()
            if module.bias() is not None:
                state[f"{name}.bias"] = module.bias().detach()
    for name, tensor in [*net.named_parameters(), *net.named_buffers()]:
        if tensor.dtype == torch.float32 and name not in state:
            state[name] = tensor.detach()
    return state


def preprocess(path):
    """An image file as the network's input, [1,C,H,W]: what torchvision's transforms do on Pillow images."""
    from PIL import Image

    image = Image.open(path).convert("RGB")
    if len(MEAN) == 1:
        image = image.convert("L")
    width, height = image.size
    if RESIZE is not None:
        short, long = min(width, height), max(width, height)
        other = int(RESIZE * long / short)
        size = (RESIZE, other) if width <= height else (other, RESIZE)
        if size != image.size:
            image = image.resize(size, Image.Resampling.BILINEAR)
        width, height = image.size
    crop_height, crop_width = CROP
    pad_left = (crop_width - width) // 2 if crop_width > width else 0
    pad_top = (crop_height - height) // 2 if crop_height > height else 0
    if pad_left or pad_top or crop_width > width or crop_height > height:
        padded = Image.new(image.mode, (max(width, crop_width), max(height, crop_height)))
        padded.paste(image, (pad_left, pad_top))
        image = padded
        width, height = image.size
    left, top = round((width - crop_width) / 2.0), round((height - crop_height) / 2.0)
    image = image.crop((left, top, left + crop_width, top + crop_height))
    pixels = torch.from_numpy(np.array(image, dtype=np.uint8)).reshape(crop_height, crop_width, len(MEAN))
    x = pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255)
    mean = torch.tensor(MEAN, dtype=torch.float32).view(-1, 1, 1)
    std = torch.tensor(STD, dtype=torch.float32).view(-1, 1, 1)
    return ((x - mean) / std).unsqueeze(0)


def find(net, layer):
    """The module whose output is a layer's; a FloatFunctional passes its results through a module of its own."""
    name = re.sub("[^A-Za-z0-9_]", "_", layer)
    name = name if name[:1].isalpha() else "layer_" + name
    modules = dict(net.named_children())
    if name not in modules:
        raise SystemExit(f"no module is named {layer}; there are {', '.join(modules)}")
    return modules[name].activation_post_process if hasattr(modules[name], "add_relu") else modules[name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=pathlib.Path, required=True, help="a folder of images, searched through")
    parser.add_argument("--limit", type=int, help="at most this many images")
    parser.add_argument("--float", action="store_true", help="run the network with no module in int8")
    parser.add_argument("--capture", metavar="LAYER", help="a layer whose output is kept")
    parser.add_argument("--out", type=pathlib.Path, help="where to keep it (.npz, by relative path)")
    arguments = parser.parse_args()
    net = build_float() if arguments.float else build_int8()
    captured = {}
    if arguments.capture:
        def keep(module, inputs, output):
            captured["last"] = output.int_repr() if output.is_quantized else output

        find(net, arguments.capture).register_forward_hook(keep)
    endings = {".jpg", ".jpeg", ".png", ".bmp", ".gif"}
    files = sorted(f for f in arguments.images.rglob("*") if f.suffix.lower() in endings and not f.is_dir())
    answers, tensors = {}, {}
    with torch.no_grad():
        for file in files:
            if len(answers) == arguments.limit:
                break
            path = file.relative_to(arguments.images).as_posix()
            try:
                image = preprocess(file)
            except (OSError, SyntaxError, ValueError) as unreadable:  # what Pillow raises for broken files
                print(f"skipped {path}: {unreadable}", file=sys.stderr)
                continue
            answers[path] = int(net(image).argmax())
            if arguments.capture:
                tensors[path] = captured["last"].numpy()
    if arguments.out:
        np.savez(arguments.out, **tensors)
    print(json.dumps(answers, indent=1))


if __name__ == "__main__":
    main()
