"""Makes two models of one of the onnx package's light models, each with an input and the answer to it.

light/: the model as it is, with its stored answer, which ONNX Runtime must agree with. Its weights are equal numbers, so every class
gets the same probability.
seeded/: the same network with seeded random weights up to the largest that are worth a file, without a Softmax at the end, with ONNX
Runtime's answer.
Run: python onnx_light_model.py NAME FOLDER (needs numpy, onnx, onnxruntime)
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

LARGEST = 5_000_000


def answer(model, x):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


def write(folder, model, x, y):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    x.tofile(folder / "input.bin")
    y.tofile(folder / "output.bin")


def seeded(model, random):
    shapes = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    uses = {name: (node.op_type, i) for node in model.graph.node for i, name in enumerate(node.input)}
    for node in [n for n in model.graph.node if n.op_type == "ConstantOfShape"]:
        shape = shapes[node.input[0]]
        if np.prod(shape) > LARGEST:
            continue
        operator, index = uses[node.output[0]]
        if operator == "BatchNormalization" and index in (1, 4):
            value = random.uniform(0.5, 1.5, shape)
        elif len(shape) > 1:
            value = random.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        else:
            value = random.standard_normal(shape) * 0.1
        model.graph.initializer.append(numpy_helper.from_array(value.astype(np.float32), node.output[0]))
        model.graph.node.remove(node)
    last = model.graph.node[-1]
    if last.op_type == "Softmax":
        model.graph.output[0].name = last.input[0]
        model.graph.node.remove(last)
    return model


def main():
    name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    light = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
    model = onnx.load(light / f"light_{name}.onnx")
    random = np.random.default_rng(1)
    known = {i.name for i in model.graph.initializer}
    data = next(i for i in model.graph.input if i.name not in known)
    x = random.random([d.dim_value for d in data.type.tensor_type.shape.dim], np.float32)
    stored = numpy_helper.to_array(onnx.load_tensor(light / f"light_{name}_output_0.pb"))
    np.testing.assert_allclose(answer(model, x), stored, rtol=1e-3)
    write(folder / "light", model, x, stored)
    model = seeded(model, random)
    y = answer(model, x)
    assert np.isfinite(y).all() and np.ptp(y) > 1e-3 * np.abs(y).max(), "the answer says nothing"
    write(folder / "seeded", model, x, y)


main()
