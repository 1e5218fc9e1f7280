"""Makes the ONNX fixtures beside this script: <case>/{model.onnx,input.bin,output.bin,graph.txt}.

input.bin and output.bin are little-endian fp32, computed by ONNX Runtime; graph.txt is what the reader must make of
the model: one layer a line, "name kind shape", written by hand here.
Run: python make_models.py (needs numpy, onnx, onnxruntime, torch 2.13)
"""

import pathlib
import shutil
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
warnings.filterwarnings("ignore")


class Case:
    """One fixture under construction; nodes are chained unless inputs are named."""

    def __init__(self, name, shape, opset, batch="N", output=None):
        self.name, self.shape, self.opset, self.batch = name, shape, opset, batch
        self.nodes, self.initializers, self.last, self.output = [], [], "x", output
        self.random = np.random.default_rng(sum(name.encode()))

    def weight(self, name, *shape, scale=0.5):
        self.value(name, (self.random.standard_normal(shape) * scale).astype(np.float32))
        return name

    def value(self, name, array):
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, operator, name, *more, inputs=None, outputs=None, **attributes):
        self.nodes.append(helper.make_node(operator, inputs or [self.last, *more], outputs or [name + "_out"],
                                           name=name, **attributes))
        self.last = self.nodes[-1].output[0]
        return self.last

    def write(self, *layers, run=True, external=False, reverse=False, values=()):
        folder = HERE / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        nodes = self.nodes[::-1] if reverse else self.nodes
        graph = helper.make_graph(
            nodes, self.name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, [self.batch, *self.shape])],
            [helper.make_tensor_value_info(self.output or self.last, TensorProto.FLOAT, None)], self.initializers,
            value_info=list(values))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)],
                                  producer_name="fixture", producer_version="1")
        model.ir_version = 3 if self.opset < 9 else 8
        if self.opset < 9:
            graph_inputs = [helper.make_tensor_value_info(i.name, i.data_type, i.dims) for i in self.initializers]
            model.graph.input.extend(graph_inputs)
        if external:
            onnx.save(model, folder / "model.onnx", save_as_external_data=True, location="weights.data",
                      size_threshold=0)
        else:
            onnx.save(model, folder / "model.onnx")
        finish(folder, self.shape, self.random, layers, run)


def finish(folder, shape, random, layers, run=True):
    (folder / "graph.txt").write_text("\n".join(layers) + "\n")
    if run:
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        x = random.standard_normal((session.get_inputs()[0].shape[0] if isinstance(
            session.get_inputs()[0].shape[0], int) else 1, *shape)).astype(np.float32)
        x[1:] = x[:1]
        y = session.run(None, {session.get_inputs()[0].name: x})[0][:1]
        x[:1].tofile(folder / "input.bin")
        y.astype(np.float32).tofile(folder / "output.bin")


def convolutions():
    c = Case("conv-geometry", (4, 11, 9), 22)
    c.node("Conv", "a", c.weight("a.weight", 6, 2, 3, 2), c.weight("a.bias", 6), group=2, dilations=[2, 1],
           pads=[1, 0, 3, 2], strides=[2, 1], kernel_shape=[3, 2])
    c.node("Conv", "depthwise", c.weight("w2", 6, 1, 3, 3), group=6, pads=[1, 1, 1, 1])
    c.write("x Input [1,4,11,9]", "a Conv2d [1,6,6,10]", "depthwise Conv2d [1,6,6,10]")

    c = Case("conv-auto-pad", (2, 11, 10), 11)
    c.node("Conv", "upper", c.weight("w1", 3, 2, 4, 3), auto_pad="SAME_UPPER", strides=[2, 3])
    c.node("Conv", "lower", c.weight("w2", 3, 3, 2, 4), auto_pad="SAME_LOWER")
    c.node("Conv", "valid", c.weight("w3", 3, 3, 2, 2), auto_pad="VALID")
    c.write("x Input [1,2,11,10]", "upper Conv2d [1,3,6,4]", "lower Conv2d [1,3,6,4]", "valid Conv2d [1,3,5,3]")

    c = Case("pad-before-conv", (2, 6, 6), 13)
    c.value("pads", np.array([0, 0, 1, 2, 0, 0, 0, 1], np.int64))
    c.node("Pad", "pad", "pads", mode="constant")
    c.node("Conv", "conv", c.weight("conv.weight", 3, 2, 3, 3), pads=[1, 0, 0, 0])
    c.write("x Input [1,2,6,6]", "conv Conv2d [1,3,6,7]")

    c = Case("pad-before-relu", (2, 4, 4), 18)
    c.value("pads", np.array([1, 1], np.int64))
    c.value("axes", np.array([-1], np.int64))
    c.nodes.append(helper.make_node("Pad", ["x", "pads", "", "axes"], ["p"], name="pad"))
    c.node("Relu", "relu", inputs=["p"])
    c.write("x Input [1,2,4,4]", "pad Pad [1,2,4,6]", "relu ReLU [1,2,4,6]")

    c = Case("conv1d", (2, 9), 17)
    c.node("Conv", "conv", c.weight("w", 3, 2, 3))
    c.node("Relu", "relu")
    c.node("MaxPool", "pool", kernel_shape=[2])
    c.write("x Input [1,2,9]", "conv_row Reshape [1,2,1,9]", "conv Conv2d [1,3,1,7]", "conv_view Reshape [1,3,7]",
            "relu ReLU [1,3,7]", "pool_row Reshape [1,3,1,7]", "pool MaxPool2d [1,3,1,6]", "pool_view Reshape [1,3,6]")


def linears():
    c = Case("gemm", (7,), 13)
    c.node("Gemm", "first", c.weight("w1", 7, 5), c.weight("b1", 1, 5), alpha=0.5, beta=2.0)
    c.node("Gemm", "second", c.weight("fc2.weight", 6, 5), transB=1)
    c.node("Gemm", "third", c.weight("w3", 4, 6), c.weight("b3", 1), transB=1)
    c.write("x Input [1,7]", "first Linear [1,5]", "fc2 Linear [1,6]", "third Linear [1,4]")

    c = Case("matmul-add", (6,), 12)
    c.node("MatMul", "/fc1/MatMul", c.weight("w1", 6, 5))
    c.node("Add", "/fc1/Add", inputs=[c.weight("b1", 5), c.last])
    c.node("Relu", "/relu/Relu")
    c.node("MatMul", "/fc2/MatMul", c.weight("w2", 5, 3))
    c.write("x Input [1,6]", "fc1 Linear [1,5]", "relu ReLU [1,5]", "fc2 Linear [1,3]")

    for opset in (7, 15):
        c = Case(f"batch-norm-{opset}", (3, 4, 4), opset)
        c.value("var", np.array([0.5, 1.5, 2.5], np.float32))
        attributes = {"spatial": 1} if opset < 9 else {}
        c.node("BatchNormalization", "bn", c.weight("bn.weight", 3), c.weight("bn.bias", 3), c.weight("mean", 3),
               "var", epsilon=1e-3, **attributes)
        c.write("x Input [1,3,4,4]", "bn BatchNorm2d [1,3,4,4]")


def pointwise():
    c = Case("activations-9", (3, 4, 4), 9)
    c.node("Clip", "clip", min=-0.5, max=0.75)
    c.node("Clip", "open", min=-0.25)
    c.node("LeakyRelu", "leaky", alpha=0.2)
    c.node("Sigmoid", "sigmoid")
    c.write("x Input [1,3,4,4]", "clip Hardtanh [1,3,4,4]", "open Hardtanh [1,3,4,4]", "leaky LeakyReLU [1,3,4,4]",
            "sigmoid Sigmoid [1,3,4,4]")

    c = Case("activations-21", (3, 4, 4), 21)
    c.value("zero", np.float32(0))
    c.value("six", np.float32(6))
    c.value("gain", np.float32(5))
    c.node("Mul", "mul", "gain")
    c.node("Clip", "relu6", "zero", "six")
    c.node("Clip", "half", "zero")
    c.node("LeakyRelu", "leaky")
    c.node("Relu", "relu")
    c.write("x Input [1,3,4,4]", "gain Constant []", "mul Mul [1,3,4,4]", "relu6 ReLU6 [1,3,4,4]",
            "half ReLU [1,3,4,4]", "leaky LeakyReLU [1,3,4,4]", "relu ReLU [1,3,4,4]")

    c = Case("arithmetic", (3, 4, 4), 14)
    c.node("Add", "add", c.weight("c1", 1, 3, 1, 1))
    added = c.last
    c.node("Sub", "sub", c.weight("c2", 4))
    c.node("Mul", "mul", inputs=[c.weight("c3", 3, 1, 1), c.last])
    c.value("c4", np.array(4, np.float32))
    c.node("Div", "div", "c4")
    c.node("Sub", "difference", added)
    c.node("Sub", "reversed", inputs=[c.weight("c5", 1), c.last])
    c.node("Sum", "sum", added, "x")
    c.node("Neg", "neg")
    s = "[1,3,4,4]"
    c.write(f"x Input {s}", "c1 Constant [1,3,1,1]", f"add Add {s}", "sub_subtrahend Constant [4]", f"sub Add {s}",
            "c3 Constant [3,1,1]", f"mul Mul {s}", "div_divisor Constant []", f"div Mul {s}",
            f"difference Sub {s}", "c5 Constant [1]", f"reversed Sub {s}",
            f"sum Add {s}", f"sum_1 Add {s}", "neg_minus_one Constant []", f"neg Mul {s}")

    c = Case("lrn", (8, 3, 3), 13)
    c.node("LRN", "lrn", size=5, alpha=0.3, beta=0.6, bias=2.0)
    c.node("LRN", "default", size=3)
    c.write("x Input [1,8,3,3]", "lrn LocalResponseNorm [1,8,3,3]", "default LocalResponseNorm [1,8,3,3]")

    c = Case("softmax-11", (3, 2, 2), 11)
    c.node("Softmax", "softmax")
    c.node("LogSoftmax", "log", axis=-1)
    c.write("x Input [1,3,2,2]", "softmax_joined Reshape [1,12]", "softmax Softmax [1,12]",
            "softmax_split Reshape [1,3,2,2]", "log LogSoftmax [1,3,2,2]")

    c = Case("softmax-13", (3, 2, 2), 13)
    c.node("Softmax", "softmax", axis=1)
    c.node("LogSoftmax", "log")
    c.write("x Input [1,3,2,2]", "softmax Softmax [1,3,2,2]", "log LogSoftmax [1,3,2,2]")


def pooling():
    c = Case("max-pool", (2, 13, 12), 12)
    c.node("MaxPool", "ceil", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    c.node("MaxPool", "dilated", kernel_shape=[2, 2], dilations=[2, 1], pads=[1, 0, 1, 1])
    c.node("MaxPool", "same", kernel_shape=[2, 2], strides=[2, 2], auto_pad="SAME_UPPER")
    c.node("GlobalMaxPool", "global")
    c.write("x Input [1,2,13,12]", "ceil MaxPool2d [1,2,6,6]", "dilated MaxPool2d [1,2,6,6]",
            "same MaxPool2d [1,2,3,3]", "global MaxPool2d [1,2,1,1]")

    c = Case("average-pool", (2, 13, 12), 19)
    c.node("AveragePool", "counted", kernel_shape=[3, 3], strides=[1, 2], pads=[1, 1, 1, 1], count_include_pad=1)
    c.node("AveragePool", "uncounted", kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1])
    c.node("AveragePool", "ceil", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    c.node("GlobalAveragePool", "global")
    c.write("x Input [1,2,13,12]", "counted AvgPool2d [1,2,13,6]", "uncounted AvgPool2d [1,2,7,6]",
            "ceil AvgPool2d [1,2,4,3]", "global AdaptiveAvgPool2d [1,2,1,1]")

    c = Case("reduce-mean-13", (3, 4, 5), 13)
    c.node("ReduceMean", "mean", axes=[2, 3], keepdims=0)
    c.write("x Input [1,3,4,5]", "mean AdaptiveAvgPool2d [1,3,1,1]", "mean_flatten Flatten [1,3]")

    c = Case("reduce-mean-18", (3, 4, 5), 18)
    c.value("axes", np.array([-1, -2], np.int64))
    c.node("ReduceMean", "mean", "axes")
    c.write("x Input [1,3,4,5]", "mean AdaptiveAvgPool2d [1,3,1,1]")


def shapes():
    c = Case("reshape-by-shape", (3, 4, 2), 11)
    c.node("Relu", "relu")
    c.nodes.append(helper.make_node("Shape", ["relu_out"], ["s"], name="shape"))
    c.value("zero", np.array(0, np.int64))
    c.nodes.append(helper.make_node("Gather", ["s", "zero"], ["n"], name="gather", axis=0))
    c.nodes.append(helper.make_node("Unsqueeze", ["n"], ["n1"], name="unsqueeze", axes=[0]))
    c.value("rest", np.array([-1], np.int64))
    c.nodes.append(helper.make_node("Concat", ["n1", "rest"], ["target"], name="concat", axis=0))
    c.node("Reshape", "view", inputs=["relu_out", "target"])
    c.write("x Input [1,3,4,2]", "relu ReLU [1,3,4,2]", "view Flatten [1,24]")

    c = Case("shape-only-moves", (4, 1, 1), 13)
    for name, values in {"last": [3], "two": [2, 3], "four": [1, 2, 2, 1], "zeros": [0, -1], "end": [1]}.items():
        c.value(name, np.array(values, np.int64))
    c.node("Squeeze", "squeeze", "two")
    c.node("Unsqueeze", "unsqueeze", "two")
    c.node("Transpose", "transpose", perm=[0, 3, 1, 2])
    c.node("Reshape", "reshape", "four")
    c.node("Identity", "identity")
    c.node("Flatten", "flatten", axis=-3)
    c.node("Reshape", "same", "zeros")
    c.node("Dropout", "dropout")
    c.write("x Input [1,4,1,1]", "squeeze Flatten [1,4]", "unsqueeze Reshape [1,4,1,1]",
            "transpose Reshape [1,1,4,1]", "reshape Reshape [1,2,2,1]", "identity Identity [1,2,2,1]",
            "flatten Flatten [1,4]", "same Identity [1,4]", "dropout Dropout [1,4]")

    c = Case("concat", (2, 3, 3), 13)
    c.node("Sigmoid", "sigmoid")
    c.node("Concat", "cat", "x", c.weight("k", 1, 1, 3, 3), axis=-3)
    c.write("x Input [1,2,3,3]", "sigmoid Sigmoid [1,2,3,3]", "k Constant [1,1,3,3]", "cat Cat [1,5,3,3]")

    c = Case("fixed-batch", (2, 3, 3), 13, batch=4)
    c.value("target", np.array([4, 18], np.int64))
    c.node("Relu", "relu")
    c.node("Reshape", "view", "target")
    c.write("x Input [1,2,3,3]", "relu ReLU [1,2,3,3]", "view Flatten [1,18]")


def functions():
    s = "[1,3,4,4]"
    c = Case("pointwise", (3, 4, 4), 22)
    c.node("Tanh", "tanh")
    c.node("Elu", "elu", alpha=0.7)
    c.node("Softplus", "softplus")
    c.node("Sqrt", "sqrt")
    c.node("Log", "log")
    c.node("HardSwish", "hardswish")
    c.node("Gelu", "gelu")
    c.node("Mish", "mish")
    c.node("HardSigmoid", "hardsigmoid")
    c.node("Erf", "erf")
    c.node("Exp", "exp")
    c.node("Reciprocal", "reciprocal")
    c.node("Sin", "sin")
    c.node("Celu", "celu", alpha=1.5)
    c.write(f"x Input {s}", f"tanh Tanh {s}", f"elu ELU {s}", f"softplus Softplus {s}", f"sqrt Sqrt {s}", f"log Log {s}",
            f"hardswish Hardswish {s}", f"gelu GELU {s}", f"mish Mish {s}", f"hardsigmoid Hardsigmoid {s}", f"erf Erf {s}",
            f"exp Exp {s}", f"reciprocal Reciprocal {s}", f"sin Sin {s}", f"celu CELU {s}")

    c = Case("pairwise", (3, 4, 4), 17)
    c.node("PRelu", "prelu", c.weight("slope", 3, 1, 1))
    first = c.last
    c.node("Max", "max", "x", c.weight("bound", 1))
    c.node("Div", "div", inputs=[first, c.node("Exp", "exp")])
    c.node("Greater", "greater", inputs=[c.last, "x"])
    c.node("Where", "where", inputs=[c.last, first, "x"])
    c.node("Mul", "gate", inputs=[c.last, c.node("ReduceMax", "peak", keepdims=1, axes=[2, 3])])
    c.write(f"x Input {s}", "slope Constant [3,1,1]", f"prelu PReLU {s}", f"max Maximum {s}", "bound Constant [1]",
            f"max_1 Maximum {s}", f"exp Exp {s}", f"div Div {s}", f"greater Greater {s}", f"where Where {s}",
            "peak Amax [1,3,1,1]", f"gate Mul {s}")

    c = Case("reductions", (3, 4, 5), 13)
    c.node("ReduceL2", "l2", axes=[1], keepdims=1)
    c.node("ReduceLogSumExp", "lse", axes=[3], keepdims=1)
    c.value("axes", np.array([1], np.int64))
    c.node("ReduceSum", "sum", "axes", keepdims=0)
    c.node("LpNormalization", "normal", axis=1, p=2)
    c.write("x Input [1,3,4,5]", "l2 L2Norm [1,1,4,5]", "lse LogSumExp [1,1,4,1]", "sum Sum [1,4,1]", "normal_norm L2Norm [1,1,1]",
            "normal_one Constant []", "normal_divisor Where [1,1,1]", "normal Div [1,4,1]")


def moves():
    c = Case("channel-shuffle", (6, 4, 3), 13)
    c.value("groups", np.array([0, 2, 3, 4, 3], np.int64))
    c.value("back", np.array([0, -1, 4, 3], np.int64))
    c.node("Reshape", "split", "groups")
    c.node("Transpose", "swap", perm=[0, 2, 1, 3, 4])
    c.node("Reshape", "join", "back")
    c.node("Split", "halves", outputs=["left", "right"], axis=1)
    c.node("Concat", "cat", inputs=["right", "left"], axis=1)
    c.write("x Input [1,6,4,3]", "split Reshape [1,2,3,4,3]", "swap Permute [1,3,2,4,3]", "join Reshape [1,6,4,3]",
            "halves Slice [1,3,4,3]", "halves_1 Slice [1,3,4,3]", "cat Cat [1,6,4,3]")

    c = Case("moves", (4, 4, 6), 13)
    for name, values in {"starts": [5, 0], "ends": [-7, 4], "axes": [3, 1], "steps": [-2, 3], "reflect": [0, 0, 1, 2, 0, 0, 0, 1],
                         "chosen": [1, 1, 0], "times": [1, 2, 1, 1], "wide": [1, 4, 3, 6]}.items():
        c.value(name, np.array(values, np.int64))
    c.node("DepthToSpace", "up", blocksize=2, mode="CRD")
    c.node("SpaceToDepth", "down", blocksize=2)
    c.node("Slice", "slice", "starts", "ends", "axes", "steps")
    c.node("Pad", "pad", "reflect", mode="reflect")
    c.node("Gather", "gather", "chosen", axis=2)
    c.node("Tile", "tile", "times")
    c.node("ReduceMin", "least", axes=[2], keepdims=1)
    c.node("Expand", "expand", "wide")
    c.node("Pad", "edge", "reflect", mode="edge")
    c.write("x Input [1,4,4,6]", "up_split Reshape [1,1,2,2,4,6]", "up_permute Permute [1,1,4,2,6,2]", "up Reshape [1,1,8,12]",
            "down_split Reshape [1,1,4,2,6,2]", "down_permute Permute [1,2,2,1,4,6]", "down Reshape [1,4,4,6]",
            "slice Slice [1,2,4,3]", "pad Pad [1,2,5,6]", "gather IndexSelect [1,2,3,6]", "tile Tile [1,4,3,6]",
            "least Amin [1,4,1,6]", "expand Expand [1,4,3,6]", "edge Pad [1,4,4,9]")

    c = Case("resize", (3, 5, 4), 13)
    c.value("by", np.array([1, 1, 2, 1.5], np.float32))
    c.value("to", np.array([1, 3, 4, 9], np.int64))
    c.value("less", np.array([1, 3, 3, 4], np.int64))
    c.nodes.append(helper.make_node("Resize", ["x", "", "by"], ["nearest_out"], name="nearest", mode="nearest",
                                    coordinate_transformation_mode="asymmetric", nearest_mode="floor"))
    c.nodes.append(helper.make_node("Resize", ["nearest_out", "", "", "to"], ["linear_out"], name="linear", mode="linear",
                                    coordinate_transformation_mode="align_corners"))
    c.nodes.append(helper.make_node("Resize", ["linear_out", "", "", "less"], ["half_out"], name="half", mode="linear"))
    c.nodes.append(helper.make_node("Resize", ["half_out", "", "by"], ["cubic_out"], name="cubic", mode="cubic"))
    c.last = "cubic_out"
    c.write("x Input [1,3,5,4]", "nearest Upsample [1,3,10,6]", "linear Upsample [1,3,4,9]", "half Upsample [1,3,3,4]",
            "cubic Upsample [1,3,6,6]")


def norms():
    c = Case("norms", (6, 4, 3), 18)
    s = "[1,6,4,3]"
    c.node("InstanceNormalization", "instance", c.weight("w1", 6), c.weight("b1", 6), epsilon=1e-3)
    c.node("LayerNormalization", "layer", c.weight("w2", 4, 3), c.weight("b2", 4, 3), axis=2)
    c.node("LayerNormalization", "last", c.weight("w3", 3))
    c.node("GroupNormalization", "group", c.weight("w4", 2), c.weight("b4", 2), num_groups=2)
    c.write(f"x Input {s}", f"instance InstanceNorm2d {s}", f"layer LayerNorm {s}", f"last LayerNorm {s}",
            f"group GroupNorm {s}")

    c = Case("transposed", (4, 5, 4), 13)
    c.node("ConvTranspose", "up", c.weight("up.weight", 4, 3, 3, 2), c.weight("up.bias", 6), group=2, strides=[2, 3],
           pads=[1, 0, 0, 1], output_padding=[1, 2], dilations=[1, 2])
    c.node("LpPool", "lp", kernel_shape=[3, 2], strides=[2, 1], p=3, pads=[1, 0, 1, 0])
    c.node("Transpose", "turn", perm=[0, 1, 3, 2])
    c.node("MatMul", "square", "lp_out")
    c.write("x Input [1,4,5,4]", "up ConvTranspose2d [1,6,11,13]", "lp LPPool2d [1,6,6,12]", "turn Permute [1,6,12,6]",
            "square MatMul [1,6,12,12]")


def binary():
    c = Case("binarized", (4, 5, 5), 17)
    c.weight("conv.weight", 3, 4, 3, 3)
    c.nodes += [
        helper.make_node("Abs", ["conv.weight"], ["abs"]),
        helper.make_node("ReduceMean", ["abs"], ["alpha"], axes=[1, 2, 3], keepdims=1),
        helper.make_node("Sign", ["conv.weight"], ["signs"]),
        helper.make_node("Mul", ["alpha", "signs"], ["binary"]),
    ]
    c.node("Sign", "sign")
    c.node("Conv", "c", "binary", c.weight("conv.bias", 3), pads=[1, 1, 1, 1])
    c.node("Relu", "relu")
    c.node("Sign", "sign2")
    c.node("Flatten", "flatten")
    c.value("fc.weight", np.sign(c.random.standard_normal((6, 75))).astype(np.float32))
    c.node("Gemm", "fc", "fc.weight", transB=1)
    c.node("Mul", "scale", c.weight("alpha2", 6))
    c.write("x Input [1,4,5,5]", "conv BinaryConv2d [1,3,5,5]", "relu ReLU [1,3,5,5]", "flatten Flatten [1,75]",
            "fc BinaryLinear [1,6]")


def storage():
    c = Case("external-data", (2, 4, 4), 17)
    c.node("Conv", "conv", c.weight("conv.weight", 3, 2, 3, 3), c.weight("conv.bias", 3))
    c.node("Flatten", "flatten")
    c.node("Gemm", "fc", c.weight("fc.weight", 2, 12), transB=1)
    c.write("x Input [1,2,4,4]", "conv Conv2d [1,3,2,2]", "flatten Flatten [1,12]", "fc Linear [1,2]", external=True)

    c = Case("element-types", (4,), 17)
    values = c.random.standard_normal((4, 4)).astype(np.float16)
    bits = values.view(np.uint16).astype(np.int32).ravel().tolist()
    half = TensorProto(name="half", data_type=TensorProto.FLOAT16, dims=[4, 4], int32_data=bits)
    brain = helper.make_tensor("brain", TensorProto.BFLOAT16, [4], [1.5, -2.0, 0.25, 3.0])
    double = helper.make_tensor("double", TensorProto.DOUBLE, [4], [0.5, -0.25, 8.0, 1e-3])
    small = helper.make_tensor("small", TensorProto.INT8, [4], [-128, 127, 3, -4])
    floats = TensorProto(name="floats", data_type=TensorProto.FLOAT, dims=[4], float_data=[1, 2, 3, -4.5])
    c.initializers += [half, brain, double, small, floats]
    for name in ("half", "brain", "double", "small"):
        c.nodes.append(helper.make_node("Cast", [name], [name + "32"], name="cast_" + name, to=TensorProto.FLOAT))
    c.node("MatMul", "fc", "half32")
    for name in ("brain32", "double32", "small32", "floats"):
        c.node("Mul", "by_" + name, name)
    c.write("x Input [1,4]", "fc Linear [1,4]", "brain32 Constant [4]", "by_brain32 Mul [1,4]",
            "double32 Constant [4]", "by_double32 Mul [1,4]", "small32 Constant [4]", "by_small32 Mul [1,4]",
            "floats Constant [4]", "by_floats Mul [1,4]")

    c = Case("wrong-order", (2, 4, 4), 17)
    c.node("Relu", "first")
    c.node("Sigmoid", "second")
    c.node("Add", "third", "first_out")
    c.output = c.last
    c.write("x Input [1,2,4,4]", "first ReLU [1,2,4,4]", "second Sigmoid [1,2,4,4]", "third Add [1,2,4,4]",
            run=False, reverse=True)


def unsupported():
    c = Case("unsupported", (4, 4, 4), 17)
    c.node("Conv", "conv1", c.weight("conv1.weight", 4, 4, 1, 1))
    known = helper.make_tensor_value_info("hard_out", TensorProto.FLOAT, ["N", 4, 4, 4])
    c.node("Hardmax", "hard")
    c.node("Conv", "conv2", c.weight("conv2.weight", 4, 4, 1, 1))
    c.node("TopK", "top", c.value("k", np.array([2], np.int64)), outputs=["a", "b"], axis=1)
    c.node("Add", "add", inputs=["a", "a"])
    c.node("Relu", "relu")
    s = "[1,4,4,4]"
    c.write(f"x Input {s}", f"conv1 Conv2d {s}", f"hard Hardmax {s}", f"conv2 Conv2d {s}", "top TopK ?",
            "add Add ?", "relu ReLU ?", run=False, values=[known])


def exported():
    import torch
    from torch import nn

    class Block(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(channels)
            self.relu = nn.ReLU()
            self.down = nn.Sequential(nn.Conv2d(channels, channels, 1), nn.BatchNorm2d(channels))

        def forward(self, x):
            return self.relu(self.relu(self.bn1(self.conv1(x))) + self.down(x))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
            self.layer1 = nn.Sequential(Block(4), Block(4))
            self.pool = nn.AdaptiveAvgPool2d(1)
            self.fc = nn.Linear(8, 5)

        def forward(self, x):
            x = self.layer1(self.features(x))
            x = torch.cat([x, torch.relu(x)], 1)
            return self.fc(torch.flatten(self.pool(x), 1))

    torch.manual_seed(5)
    net = Net().eval()
    for bn in net.modules():
        if isinstance(bn, nn.BatchNorm2d):
            nn.init.normal_(bn.running_mean)
            nn.init.uniform_(bn.running_var, 0.5, 1.5)
    for name, dynamo in (("torchscript-export", False), ("dynamo-export", True)):
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        sizes = {"dynamic_shapes": ({0: torch.export.Dim("N")},)} if dynamo else {"dynamic_axes": {"x": {0: "N"}}}
        torch.onnx.export(net, (torch.zeros(2, 3, 10, 10),), folder / "model.onnx", dynamo=dynamo, input_names=["x"],
                          external_data=False, do_constant_folding=False, verbose=False, **sizes)
        model = onnx.load(folder / "model.onnx")
        for node in model.graph.node:
            for entry in node.metadata_props:
                entry.value = entry.value.replace(torch.__path__[0], "torch").replace(str(HERE) + "/", "")
        onnx.save(model, folder / "model.onnx")
        s = "[1,4,4,4]"
        layers = ["x Input [1,3,10,10]", "features.0 Conv2d [1,4,8,8]", "features.1 ReLU [1,4,8,8]",
                  f"features.2 MaxPool2d {s}"]
        for i in range(2):
            # The newer exporter folds batch normalization into the convolutions and writes flatten as Reshape.
            layers += [f"layer1.{i}.{layer} {s}" for layer in (
                "conv1 Conv2d", "bn1 BatchNorm2d", "relu ReLU", "down.0 Conv2d", "down.1 BatchNorm2d", "add Add",
                "relu_1 ReLU") if not (dynamo and "BatchNorm" in layer)]
        layers += [f"relu ReLU {s}", "cat Cat [1,8,4,4]", "pool AdaptiveAvgPool2d [1,8,1,1]",
                   f"{'reshape' if dynamo else 'flatten'} Flatten [1,8]", "fc Linear [1,5]"]
        finish(folder, (3, 10, 10), np.random.default_rng(3), layers)


for make in (convolutions, linears, pointwise, pooling, shapes, functions, moves, norms, binary, storage, unsupported, exported):
    make()
