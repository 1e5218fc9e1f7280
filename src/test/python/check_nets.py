"""Runs small exported networks under PyTorch and ONNX Runtime and compares them with what the program answered.

    python check_nets.py FOLDER         prints one JSON object, a line for each network

FOLDER/nets.json lists {name, shape}. Each name is a folder with input.bin, images of that shape, and in torch/ and onnx/ the exported
net.py with net.npz or net.onnx, and expected.bin, the program's answers for the images. Of each network and framework it says how
many elements the answers have ("elements") and how many images ("images"), the answers' largest size ("range"), the largest difference from the
program's ("largest"), and how many images have one beyond 1e-5 of the element, or of 1 ("others"), and
the first element that is off by more ("first"); or what went wrong ("error").
"""
import importlib.util
import json
import pathlib
import sys
import traceback

import numpy as np
import onnx
import onnxruntime
import torch


def eager(folder):
    spec = importlib.util.spec_from_file_location(folder.parent.name.replace("-", "_"), folder / "net.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    net = module.build_int8()

    def run(x):
        with torch.no_grad():
            return net(torch.from_numpy(x)).numpy()

    return run


def runtime(folder):
    onnx.checker.check_model(onnx.load(folder / "net.onnx"), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(folder / "net.onnx"), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: session.run(None, {name: x})[0]


def compare(run, folder, images):
    expected = np.fromfile(folder / "expected.bin", np.float32).reshape(len(images), -1)
    found = np.stack([run(image).reshape(-1) for image in images])
    if found.shape != expected.shape:
        return {"error": f"the answers have {found.shape[1]} elements, expected {expected.shape[1]}"}
    size = float(np.abs(expected).max())
    off = np.abs(found.astype(np.float64) - expected)
    return {"images": len(images), "elements": expected.shape[1], "range": size, "largest": float(off.max()),
            "others": int((off > 1e-5 * np.maximum(np.abs(expected), 1)).any(axis=1).sum()),
            "first": int(np.argmax(off.max(axis=0) > 1e-5))}


def main(folder):
    result = {}
    for net in json.loads((folder / "nets.json").read_text()):
        place = folder / net["name"]
        images = np.fromfile(place / "input.bin", np.float32).reshape([-1] + net["shape"])
        result[net["name"]] = {}
        for framework, load in (("torch", eager), ("onnx", runtime)):
            try:
                found = compare(load(place / framework), place / framework, images)
            except Exception:  # whatever a framework says about a file is the test's to show
                found = {"error": traceback.format_exc(limit=4)}
            result[net["name"]][framework] = found
    print(json.dumps(result))


torch.set_num_threads(1)
main(pathlib.Path(sys.argv[1]))
