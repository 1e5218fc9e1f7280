"""Writes the ONNX project's backend node tests of some groups of operators as models with one input, for the reader.

A graph of the program runs one image at a time and takes its weights as constants, so a case is bound like this, and no other way:
- the first input stays the network's input, with the shape that the case declares;
- every other input becomes an initializer with the case's values;
- where the program takes the first input whole, since it is no batch of images, the case is run as it is;
- else, where the first input has several images (its first extent), each of them is a run of its own, whose expected answers are that
  image's; an initializer that carries the batch, too (the first extent of the same rank, in operators that meet their
  inputs element by element), holds that image's slice, in a model for each image.
Whatever the program makes of these models is its own affair. Cases whose values have types that no file of numbers here can hold
(4-bit, 8-bit floats, texts, sequences) are listed as refused.

Run: python onnx_node_cases.py FOLDER (needs numpy, onnx)
FOLDER/cases.json lists {name, group, operator, rtol, atol} with refused, a reason, or with whole: RUN and runs: [RUN]. RUN is
{model, input: NUMBERS, outputs: [NUMBERS]}, NUMBERS are
{at, type, shape}: elements of FOLDER/numbers.bin from the at-th on, which are little-endian float64 of that numpy type.
Of a batch of many images the first FEW are run.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

warnings.filterwarnings("ignore")

GROUPS = {
    "convolution": "Conv ConvTranspose DeformConv",
    "linear": "Gemm MatMul",
    "pooling": "MaxPool AveragePool GlobalMaxPool GlobalAveragePool LpPool GlobalLpPool MaxUnpool RoiAlign MaxRoiPool",
    "normalization": "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization LRN "
                     "LpNormalization MeanVarianceNormalization Softmax LogSoftmax Hardmax",
    "element-wise": "Abs Acos Acosh Add And Asin Asinh Atan Atanh Ceil Celu Clip Cos Cosh Div Elu Equal Erf Exp Floor Gelu "
                    "Greater GreaterOrEqual HardSigmoid HardSwish IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish "
                    "Mod Mul Neg Not Or PRelu Pow Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign "
                    "Sqrt Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor",
    "reduction": "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum "
                 "ReduceSumSquare ArgMax ArgMin",
    "shape": "Concat DepthToSpace Dropout Expand Flatten Gather Identity Pad Reshape Resize Shape Size Slice SpaceToDepth Split "
             "Squeeze Tile Transpose Unsqueeze Upsample CenterCropPad Compress GatherElements GatherND",
    "quantization": "QuantizeLinear DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul ConvInteger MatMulInteger",
}
OPERATORS = {operator: group for group, names in GROUPS.items() for operator in names.split()}
IMAGEWISE = set(GROUPS["element-wise"].split())


FEW = 4


class Writer:
    def __init__(self, folder):
        self.folder, self.cases, self.written = folder, [], 0
        self.file = open(folder / "numbers.bin", "wb")

    def numbers(self, array):
        place = {"at": self.written, "type": str(array.dtype), "shape": list(array.shape)}
        np.ascontiguousarray(array).astype("<f8").tofile(self.file)
        self.written += array.size
        return place

    def close(self):
        self.file.close()
        (self.folder / "cases.json").write_text(json.dumps(self.cases))

    def write(self, case, operator):
        inputs, outputs = case.data_sets[0]
        place = {"name": case.name, "operator": operator, "group": OPERATORS[operator], "rtol": case.rtol, "atol": case.atol}
        values = [*inputs, *outputs]
        kinds = {str(np.asarray(v).dtype) if isinstance(v, np.ndarray) or np.isscalar(v) else type(v).__name__ for v in values}
        odd = sorted(k for k in kinds if not k.startswith(("float16", "float32", "float64", "int", "uint", "bool"))
                     or k in ("int4", "uint4", "int2", "uint2"))
        if odd or not inputs:
            self.cases.append(place | {"refused": "its values are " + ", ".join(odd) if odd else "it has no input"})
            return
        inputs = [np.asarray(v) for v in inputs]
        outputs = [np.asarray(v) for v in outputs]
        names = [i.name for i in case.model.graph.input if i.name]
        batch = inputs[0].shape[0] if inputs[0].ndim else 1
        sliced = [n for n, v in list(zip(names, inputs))[1:]
                  if operator in IMAGEWISE and batch > 1 and v.ndim == inputs[0].ndim and v.shape[0] == batch]
        by_image = (batch > 1 and operator not in ("Shape", "Size")
                    and all(o.ndim and o.shape[0] == batch for o in outputs))
        runs = []
        for image in range(min(batch, FEW) if by_image else 1):
            one = slice(image, image + 1) if by_image else slice(None)
            label = f"{case.name}-{image}"
            if not runs or sliced:
                model = f"{label}.onnx"
                self.bind(case.model, dict(zip(names[1:], inputs[1:])), sliced, one, model)
            runs.append({"model": model, "input": self.numbers(inputs[0][one] if by_image else inputs[0]),
                         "outputs": [self.numbers(o[one] if by_image else o) for o in outputs]})
        whole = {"model": runs[0]["model"], "input": self.numbers(inputs[0]), "outputs": [self.numbers(o) for o in outputs]}
        self.cases.append(place | {"runs": runs, "whole": whole})

    def bind(self, model, values, sliced, one, name):
        bound = onnx.ModelProto()
        bound.CopyFrom(model)
        for i in [i for i in bound.graph.input if i.name in values]:
            bound.graph.input.remove(i)
        for value_name, value in values.items():
            array = value[one] if value_name in sliced else value
            tensor = numpy_helper.from_array(array, value_name)
            bound.graph.initializer.append(tensor)
        onnx.save(bound, self.folder / name)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    writer = Writer(folder)
    cases = collect_testcases(None)
    operators = {c.name: c.model.graph.node[0].op_type for c in cases if len(c.model.graph.node) == 1}
    for case in cases:
        operator = operators.get(case.name.split("_expanded")[0], "")
        if operator in OPERATORS:
            writer.write(case, operator)
    writer.close()
    print(len(writer.cases), "cases")


main()
