"""Checks exported encodings against AIMET's encoding specification and its quantization, without AIMET.

The specification: quic.github.io/aimet-pages, "Encoding Format Specification", versions 0.6.1 and 1.0.0. Levels are
q = clamp(round(x / scale) - offset, 0, 2^bitwidth - 1), real values (q + offset) * scale, the range is scale * offset to
scale * (offset + 2^bitwidth - 1).
"""
import json

import numpy as np
import torch

FIELDS = {"bitwidth": int, "dtype": str, "is_symmetric": str, "max": float, "min": float, "offset": int, "scale": float}
ARGUMENTS = {"activation_bitwidth": int, "dtype": str, "is_symmetric": bool, "param_bitwidth": int,
             "per_channel_quantization": bool, "quant_scheme": str}
NAMED = {"name": str, "dtype": str, "enc_type": str, "bw": int, "is_sym": bool, "scale": list, "offset": list}


def fields(value, wanted, where):
    """What is wrong with an object's fields."""
    if set(value) != set(wanted):
        return [f"{where} has {sorted(value)}, expected {sorted(wanted)}"]
    return [f"{where}.{name} is {value[name]!r}" for name, kind in wanted.items() if type(value[name]) is not kind]


def legacy(encoding, where):
    wrong = fields(encoding, FIELDS, where)
    if wrong:
        return wrong
    steps = 2 ** encoding["bitwidth"] - 1
    low, high = encoding["scale"] * encoding["offset"], encoding["scale"] * (encoding["offset"] + steps)
    if not np.allclose([low, high], [encoding["min"], encoding["max"]], rtol=1e-12, atol=0):
        wrong.append(f"{where}: range {encoding['min']} .. {encoding['max']}, expected {low} .. {high}")
    if not (encoding["scale"] > 0 and encoding["min"] <= 0 <= encoding["max"] and 4 <= encoding["bitwidth"] <= 32
            and encoding["dtype"] == "int" and encoding["is_symmetric"] in ("True", "False")):
        wrong.append(f"{where}: {encoding}")
    if encoding["is_symmetric"] == "True" and encoding["offset"] != -2 ** (encoding["bitwidth"] - 1):
        wrong.append(f"{where}: symmetric with offset {encoding['offset']}")
    return wrong


def load(file, version):
    """Name -> (scales, offsets, bitwidth) of activations and of parameters, and what is wrong with the file."""
    document = json.loads(file.read_text())
    top = {"version": str, "activation_encodings": list if version == "1.0.0" else dict,
           "param_encodings": list if version == "1.0.0" else dict, "excluded_layers": list, "quantizer_args": dict}
    wrong = fields(document, top, file.name)
    if wrong:
        return {}, {}, wrong
    wrong += fields(document["quantizer_args"], ARGUMENTS, "quantizer_args")
    if document["version"] != version:
        wrong.append(f"version {document['version']}")
    found = []
    for part in ("activation_encodings", "param_encodings"):
        encodings = {}
        if version == "1.0.0":
            for e in document[part]:
                wrong += fields(e, NAMED, e.get("name"))
                if e["dtype"] != "INT" or e["enc_type"] not in ("PER_TENSOR", "PER_CHANNEL") \
                        or len(e["scale"]) != len(e["offset"]) or e["enc_type"] == "PER_TENSOR" and len(e["scale"]) != 1:
                    wrong.append(str(e))
                encodings[e["name"]] = (e["scale"], e["offset"], e["bw"])
        else:
            for name, value in document[part].items():
                listed = value if isinstance(value, list) else [
                    e for way in ("input", "output") for e in value.get(way, {}).values()]
                if isinstance(value, dict) and (not set(value) <= {"input", "output"} or not all(
                        index.isdecimal() for way in value.values() for index in way)):
                    wrong.append(f"{name}: {value}")
                for e in listed:
                    wrong += legacy(e, name)
                encodings[name] = ([e["scale"] for e in listed], [e["offset"] for e in listed], listed[0]["bitwidth"])
        found.append(encodings)
    return *found, wrong


def quantize(x, scales, offsets, bitwidth):
    """Levels as AIMET has them, and how far each was from being rounded the other way."""
    shape = [-1] + [1] * (x.ndim - 1) if len(scales) > 1 else [1] * x.ndim
    scale = np.asarray(scales, np.float64).reshape(shape)
    offset = np.asarray(offsets).reshape(shape)
    ratio = x.astype(np.float64) / scale
    levels = np.clip(np.rint(ratio) - offset, 0, 2 ** bitwidth - 1)
    return levels, np.abs(np.abs(ratio - np.floor(ratio)) - 0.5), offset, scale


def differ(x, ours, encoding):
    """Where AIMET's real value is another than ours (a tensor, dequantized), ties aside."""
    levels, margin, offset, scale = quantize(x, *encoding)
    return int(((np.abs((levels + offset) * scale - ours) > scale / 2) & (margin > 1e-3)).sum())


def check(folder, expected, exported, net, inputs):
    wrong = []
    plain = {name: tensor.numpy() for name, tensor in exported.build_float().state_dict().items()}
    state = exported.state_int8(net)
    both = []
    for version in ("0.6.1", "1.0.0"):
        activations, parameters, errors = load(folder / f"net-{version}.encodings", version)
        wrong += errors
        both.append(parameters)
        modules = {node["node"]: node["module"] for node in expected["nodes"]}
        if {modules[name.removesuffix(".weight")] for name in parameters} != {
                name.removesuffix(".weight_scale") for name in state if name.endswith(".weight_scale")}:
            wrong.append(f"{version}: parameters {sorted(parameters)}")
        for name, encoding in parameters.items():
            module = modules[name.removesuffix(".weight")]
            weight = state[module + ".weight"].numpy().astype(np.float64)
            shape = [-1] + [1] * (weight.ndim - 1)
            scale, zero_point = (state[f"{module}.weight_{word}"].numpy().reshape(shape) for word in ("scale", "zero_point"))
            others = differ(plain[module + ".weight"], (weight - zero_point) * scale.astype(np.float64), encoding)
            if others:
                wrong.append(f"{version}: {others} values of {name} are others")
        planned = sorted((np.float32(s), -z) for s, z in exported.ACTIVATIONS.values())
        listed = sorted({(np.float32(s), o) for e in activations.values() for s, o in zip(e[0], e[1])})
        if set(planned) != set(listed):
            wrong.append(f"{version}: activations {listed}, expected {planned}")
    if both[0] != both[1]:
        wrong.append("the two versions have other parameters")
    for node in expected["nodes"]:
        if node["stub"] and node["shape"] == expected["inputShape"]:
            scale, zero_point = exported.ACTIVATIONS[node["module"]]
            levels = np.fromfile(folder / node["file"], dtype=np.uint8).reshape(inputs.shape).astype(np.float64)
            others = differ(inputs.numpy(), (levels - zero_point) * np.float64(np.float32(scale)),
                            ([np.float64(np.float32(scale))], [-zero_point], 8))
            if others:
                wrong.append(f"{others} values of the input are others")
    return wrong
