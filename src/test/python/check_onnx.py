"""Runs an exported ONNX model in ONNX Runtime over images and compares it with what the program answered.

    python check_onnx.py MODEL.onnx COMPARISON.json IMAGES

The comparison is what "quantscope compare --json" wrote. Prints one JSON object: how many images, the paths whose top-1
class is another, the largest difference of the answer's probability, and the operators that ONNX Runtime runs after its
own optimizations.
"""
import collections
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from PIL import Image


def preprocess(path, how):
    image = Image.open(path).convert("RGB")
    if how["resize"]:
        w, h, side = *image.size, how["resize"]
        image = image.resize((side, int(side * h / w)) if w < h else (int(side * w / h), side), Image.BILINEAR)
    (ch, cw), (w, h) = how["crop"], image.size
    top, left = round((h - ch) / 2), round((w - cw) / 2)
    x = np.asarray(image.crop((left, top, left + cw, top + ch)), np.float32) / np.float32(255)
    x = (x - np.array(how["mean"], np.float32)) / np.array(how["std"], np.float32)
    return np.ascontiguousarray(x.transpose(2, 0, 1)[None])


def probability(outputs, index, softmaxed):
    if softmaxed:
        return float(outputs[index])
    e = np.exp((outputs - outputs.max()).astype(np.float64))
    return float(e[index] / e.sum())


def main(file, comparison, images):
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    how = json.loads({p.key: p.value for p in model.metadata_props}["preprocessing"])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    with tempfile.TemporaryDirectory() as folder:
        optimized = pathlib.Path(folder) / "optimized.onnx"
        options.optimized_model_filepath = str(optimized)
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        operators = collections.Counter(n.op_type for n in onnx.load(optimized).graph.node)
    name = session.get_inputs()[0].name
    softmaxed = model.graph.node[-1].op_type == "Softmax"
    answers = json.loads(pathlib.Path(comparison).read_text())["images"]
    other, largest = [], 0.0
    for answer in answers:
        y = session.run(None, {name: preprocess(pathlib.Path(images) / answer["path"], how)})[0][0]
        if int(y.argmax()) != answer["converted"]:
            other.append(answer["path"])
        largest = max(largest, abs(probability(y, answer["converted"], softmaxed) - answer["convertedProbability"]))
    print(json.dumps({"images": len(answers), "otherAnswers": other, "largestDifference": largest,
                      "operators": operators}))


main(*sys.argv[1:])
