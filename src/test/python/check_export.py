"""Runs exported networks under PyTorch and compares them with the levels and answers that the program computed.

    python check_export.py DIR...       one JSON line for each; written by quantscope.export.pytorch.ExportedNet

A DIR holds net.py with net.npz, and expected.json: the images, what the program answers for them, and for each
observed node its module and its levels for the first images. Levels are compared twice: as the networks run by
themselves ("free"), and with every int8 module's output replaced by the program's own ("forced"), so that a module
is judged by its own arithmetic, not by what an earlier difference in the last bit of an fp32 region made of its input.
Beside it lie the same choices in the other formats that PyTorch and its friends read: net_fx.py with net_fx.json,
net.safetensors and encodings of AIMET's; each is loaded, and compared with what the eager network holds and answers.
"""
import importlib.util
import json
import pathlib
import sys

import numpy as np
import torch

import check_aimet
import check_fx


def load(file):
    spec = importlib.util.spec_from_file_location("exported", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hookable(net, name):
    """A FloatFunctional is not called itself; what it returns goes through a module of its own."""
    module = getattr(net, name)
    return module.activation_post_process if hasattr(module, "add_relu") else module


def compare_levels(net, folder, expected, force):
    counts = {node["module"]: {"different": 0, "largest": 0, "total": 0, "stub": node["stub"]}
              for node in expected["nodes"]}
    image = [0]
    handles = []
    for node in expected["nodes"]:
        ours = np.fromfile(folder / node["file"], dtype=np.uint8).reshape([-1] + node["shape"][1:])

        def check(module, inputs, output, ours=ours, count=counts[node["module"]], name=node["module"]):
            if not output.is_quantized:
                raise SystemExit(f"{folder}: {name} is not quantized under PyTorch")
            wanted = torch.from_numpy(ours[image[0]:image[0] + 1])
            off = (output.int_repr().to(torch.int32) - wanted.to(torch.int32)).abs()
            count["different"] += int((off > 0).sum())
            count["largest"] = max(count["largest"], int(off.max()))
            count["total"] += off.numel()
            if force:
                return torch._make_per_tensor_quantized_tensor(
                    wanted.contiguous(), output.q_scale(), output.q_zero_point())
            return None

        handles.append(hookable(net, node["module"]).register_forward_hook(check))
    inputs = torch.from_numpy(np.fromfile(folder / "input.bin", dtype=np.float32).reshape(
        [-1] + expected["inputShape"][1:]))
    for i in range(inputs.shape[0]):
        image[0] = i
        net(inputs[i:i + 1])
    for handle in handles:
        handle.remove()
    return counts, inputs


def differing_tensors(exported, net, file):
    """Names of the file's tensors that are not the converted network's own, read by the safetensors package alone."""
    from safetensors import safe_open

    with safe_open(file, framework="pt") as tensors:
        modules = json.loads(tensors.metadata()["modules"])
        found = {key: tensors.get_tensor(key) for key in tensors.keys()}
    own = exported.state_int8(net)
    names = {key: modules[key] if key in modules else modules[key.rpartition(".")[0]] + "." + key.rpartition(".")[2]
             for key in found}
    return sorted([key for key, name in names.items() if name not in own or own[name].dtype != found[key].dtype
                   or not torch.equal(own[name], found[key])] + list(own.keys() - names.values()))


def fx_network(folder, expected, exported, net, inputs):
    """The network converted by FX graph mode, None where the choices were refused, and its levels against net's."""
    if expected["fxRefusal"]:
        return None, {}
    fx = load(folder / "net_fx.py")
    model = check_fx.users_model(expected["model"])
    recorded, handles = {}, []
    for node in expected["nodes"]:
        handles.append(hookable(net, node["module"]).register_forward_hook(
            lambda module, inputs, output, name=node["module"]: recorded.update({name: output})))

    def eager_levels(x):
        net(x)
        return recorded

    converted, counts = check_fx.check(fx, model, inputs, expected["nodes"], eager_levels)
    for handle in handles:
        handle.remove()
    return converted, counts


def check(folder):
    expected = json.loads((folder / "expected.json").read_text())
    exported = load(folder / "net.py")
    net, float_net = exported.build_int8(), exported.build_float()
    result = {"folder": str(folder)}
    with torch.no_grad():
        result["free"], inputs = compare_levels(net, folder, expected, False)
        result["forced"], _ = compare_levels(net, folder, expected, True)
        images = pathlib.Path(expected["images"])
        pixels = [exported.preprocess(images / path) for path in expected["paths"]]
        result["inputDifference"] = max(
            (float((a - b).abs().max()) for a, b in zip(torch.split(inputs, 1), pixels)), default=0.0)
        fx_net, result["fx"] = fx_network(folder, expected, exported, net, inputs)
        result["fxRefusal"] = expected["fxRefusal"]
        result["binarized"] = hasattr(exported, "BinaryConv2d")
        result["safetensors"] = differing_tensors(exported, net, folder / "net.safetensors")
        loaded = exported.load_int8(folder / "net.safetensors")
        result["aimet"] = check_aimet.check(folder, expected, exported, net, inputs)
        wrong = {"fp32": [], "converted": [], "fx": [], "safetensors": []}
        for answer in expected["answers"]:
            x = exported.preprocess(images / answer["path"])
            for which, runs in (("fp32", float_net), ("converted", net), ("fx", fx_net), ("safetensors", loaded)):
                if runs is None or which == "fp32" and expected["binarized"]:
                    continue  # the file has the binarized layers in both its networks
                if int(runs(x).argmax()) != answer["fp32" if which == "fp32" else "converted"]:
                    wrong[which].append(answer["path"])
        result["otherAnswers"] = wrong
        result["answers"] = len(expected["answers"])
    return result


if __name__ == "__main__":
    torch.set_num_threads(1)  # the order of fp32 sums may depend on it
    for argument in sys.argv[1:]:
        print(json.dumps(check(pathlib.Path(argument))), flush=True)
