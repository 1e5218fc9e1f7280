"""Makes the quantized ONNX fixtures beside this script: <case>/{model.onnx,input.bin,output.bin,graph.txt}.

Small networks of random weights, quantized by onnxruntime.quantization in both of its forms. input.bin holds IMAGES images as little-endian
fp32, output.bin ONNX Runtime's answers to them, dequantized where the network ends in levels: the reader and the engine must give the
same numbers. graph.txt, kept by hand, is what the reader must make of the model: one layer a line, "name kind type".
Run on a CPU with AVX512-VNNI: python make_models.py (needs numpy, onnx, onnxruntime 1.30)
"""

import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

HERE = pathlib.Path(__file__).parent
IMAGES = 16
SHAPE = (3, 12, 12)
random = np.random.default_rng(11)


class Net:
    def __init__(self):
        self.nodes, self.initializers = [], []

    def weight(self, name, *shape, scale=None):
        scale = scale or np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 0.2
        self.initializers.append(numpy_helper.from_array((random.standard_normal(shape) * scale).astype(np.float32), name))
        return name

    def node(self, operator, name, *inputs, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [name + "_out"], name=name, **attributes))
        return name + "_out"

    def conv(self, name, x, out, per_group, kernel, **attributes):
        return self.node("Conv", name, x, self.weight(name + ".weight", out, per_group, kernel, kernel),
                         self.weight(name + ".bias", out), **attributes)

    def model(self, output):
        graph = helper.make_graph(self.nodes, "net", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", *SHAPE])],
                                  [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", 10])], self.initializers)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="fixture")
        model.ir_version = 8
        onnx.checker.check_model(model)
        return model


def residual():
    """Every kind of layer that has an int8 kernel in ONNX Runtime, and some that have none."""
    net = Net()
    y = net.node("Relu", "relu1", net.conv("conv1", "x", 8, 3, 3, pads=[1, 1, 1, 1]))
    y = net.node("MaxPool", "pool1", y, kernel_shape=[2, 2], strides=[2, 2])
    z = net.node("Relu", "relu2", net.conv("depthwise", y, 8, 1, 3, pads=[1, 1, 1, 1], group=8))
    z = net.conv("pointwise", z, 8, 8, 1)
    y = net.node("Relu", "relu3", net.node("Add", "add", z, y))
    left = net.node("LeakyRelu", "leaky", net.conv("left", y, 4, 8, 3, pads=[1, 1, 1, 1]), alpha=0.1)
    right = net.node("Sigmoid", "sigmoid", net.conv("right", y, 4, 4, 3, pads=[1, 1, 1, 1], group=2))
    y = net.node("Concat", "cat", left, right, net.node("Mul", "mul", left, right), axis=1)
    y = net.node("AveragePool", "average", y, kernel_shape=[2, 2], strides=[2, 2])
    y = net.node("GlobalAveragePool", "global", y)
    y = net.node("Flatten", "flatten", y)
    return net.model(net.node("Gemm", "fc", y, net.weight("fc.weight", 10, 12), net.weight("fc.bias", 10), transB=1))


def linear():
    net = Net()
    y = net.node("Flatten", "flatten", "x")
    y = net.node("MatMul", "first", y, net.weight("w1", 432, 16, scale=0.08))
    y = net.node("Relu", "relu", net.node("Add", "bias", y, net.weight("b1", 16)))
    return net.model(net.node("MatMul", "second", y, net.weight("w2", 16, 10)))


class Images(CalibrationDataReader):
    def __init__(self):
        self.left = 8

    def get_next(self):
        self.left -= 1
        return {"x": random.standard_normal((1, *SHAPE)).astype(np.float32)} if self.left >= 0 else None


def write(name, model, run=True):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    onnx.save(model, folder / "model.onnx")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(5).standard_normal((IMAGES, *SHAPE)).astype(np.float32)
    x[-1] *= 4
    y = np.concatenate([session.run(None, {"x": x[i:i + 1]})[0] for i in range(IMAGES)])
    x.tofile(folder / "input.bin")
    y.astype(np.float32).tofile(folder / "output.bin")
    print(name, y.shape, float(np.ptp(y)), len({tuple(v) for v in y}))


def static(name, model, form, activation, weight, **options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "a.onnx", pathlib.Path(folder) / "b.onnx"
        onnx.save(model, source)
        quantize_static(str(source), str(target), Images(), quant_format=form, activation_type=activation, weight_type=weight,
                        **options)
        write(name, onnx.load(target))


def dynamic(name, model):
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder) / "a.onnx", pathlib.Path(folder) / "b.onnx"
        onnx.save(model, source)
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QUInt8)
        write(name, onnx.load(target))


def main():
    U8, S8 = QuantType.QUInt8, QuantType.QInt8
    net, matrices = residual(), linear()
    static("qdq-u8s8-per-channel", net, QuantFormat.QDQ, U8, S8, per_channel=True)
    static("qdq-u8u8", net, QuantFormat.QDQ, U8, U8)
    static("qdq-s8s8", net, QuantFormat.QDQ, S8, S8, extra_options={"ActivationSymmetric": True})
    static("qdq-s8s8-asymmetric", net, QuantFormat.QDQ, S8, S8, per_channel=True)
    static("qoperator-u8s8", net, QuantFormat.QOperator, U8, S8, per_channel=True)
    static("qoperator-u8u8", net, QuantFormat.QOperator, U8, U8)
    static("qoperator-s8s8", net, QuantFormat.QOperator, S8, S8)
    static("qdq-matmul", matrices, QuantFormat.QDQ, U8, S8, per_channel=True)
    static("qoperator-matmul", matrices, QuantFormat.QOperator, U8, S8)
    dynamic("dynamic-matmul", matrices)
    dynamic("dynamic-conv", net)
    # ONNX Runtime quantizes the weight of left, which stands between int8 layers, itself; fc stays fp32.
    static("qdq-partly", net, QuantFormat.QDQ, U8, S8, per_channel=True, nodes_to_exclude=["left", "fc"])


main()
