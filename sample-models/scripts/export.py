"""Writes the trained networks as .pt2 (torch.export) and .onnx files, with preprocessing and class names inside.

    python export.py --out ..
"""

import argparse
import ast
import json
import pathlib
import re
import warnings

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import preprocess
import render
from models import MODELS
from train import COPIES, WORK

ONNX = ["alexnet-xnor", "alexnet", "residual"]
OPSET = 20
FOLDER = re.compile(r'File "(?:[^"]*/site-packages/|[^"]*/(?=models\.py"))')
METADATA = {"preprocessing": json.dumps(preprocess.PREPROCESSING), "class_names": json.dumps(render.CLASSES)}
KEPT = ["namespace", "pkg.torch.onnx.name_scopes", "pkg.torch.onnx.stack_trace"]


def without_folders(trace):
    """The stack trace with `models.py` and `torch/nn/...` in place of where they lay on the machine."""
    return FOLDER.sub('File "', trace)


def trained(name):
    model = MODELS[name]()
    model.load_state_dict(torch.load(WORK / f"{COPIES.get(name, name)}.pt"))
    return model.eval()


def example():
    return torch.zeros(2, 3, preprocess.CROP, preprocess.CROP), {"x": {0: torch.export.Dim("N", min=1, max=4096)}}


# ---------------------------------------------------------------- .pt2

def write_pt2(model, file):
    x, shapes = example()
    program = torch.export.export(model, (x,), dynamic_shapes=shapes)
    for module in program.graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            for node in module.graph.nodes:
                if "stack_trace" in node.meta:
                    node.meta["stack_trace"] = without_folders(node.meta["stack_trace"])
    program._example_inputs = None
    torch.export.save(program, file, extra_files={f"{key}.json": value for key, value in METADATA.items()})


# ---------------------------------------------------------------- .onnx

def untyped(name):
    return helper.make_tensor_value_info(name, onnx.TensorProto.UNDEFINED, None)


def fold_constants(graph):
    """Evaluates every node that depends on initializers alone; the result takes the place of the node."""
    known = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    kept = []
    for node in graph.node:
        if not all(name in known for name in node.input if name):
            kept.append(node)
            continue
        model = helper.make_model(
            helper.make_graph([node], "constant", [untyped(n) for n in node.input if n], [untyped(n) for n in node.output]),
            opset_imports=[helper.make_opsetid("", OPSET)])
        results = ReferenceEvaluator(model).run(None, {n: known[n] for n in node.input if n})
        known.update(zip(node.output, map(np.asarray, results)))
    return kept, known


def binary_weight_name(node):
    """conv2.weight for the folded weight that feeds the module conv2."""
    return ast.literal_eval(next(p.value for p in node.metadata_props if p.key == "pkg.torch.onnx.name_scopes"))[-2] + ".weight"


def tidy(model):
    """Folds constants, drops the zero bias the exporter gives to a convolution without one, writes flatten as Flatten and
    names nodes and values after the modules."""
    graph = model.graph
    producer = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        if node.op_type == "Conv" and len(node.input) == 3 and node.input[2] in producer:
            del node.input[2]
        if node.op_type == "Reshape" and producer.get(node.input[1]) is not None and producer[node.input[1]].op_type == "Concat":
            node.op_type = "Flatten"
            del node.input[1]
            del node.attribute[:]
            node.attribute.append(helper.make_attribute("axis", 1))
    kept, known = fold_constants(graph)
    outputs = {o.name for o in graph.output}
    needed, nodes = set(outputs), []
    for node in reversed(kept):
        if any(o in needed for o in node.output):
            nodes.append(node)
            needed.update(n for n in node.input if n)
    nodes.reverse()

    renamed, taken = {o: o for o in outputs} | {i.name: i.name for i in graph.input}, set()
    for node in nodes:
        for name in node.input:
            if name in known and name not in renamed:
                folded = node.op_type in ("Conv", "Gemm") and name == node.input[1]
                renamed[name] = binary_weight_name(node) if folded else name
        scopes = ast.literal_eval(next(p.value for p in node.metadata_props if p.key == "pkg.torch.onnx.name_scopes"))
        base = "/".join(["", *(scopes[-2].split(".") if scopes[-2] else []), node.op_type])
        name, count = base, 1
        while name in taken:
            name, count = f"{base}_{count}", count + 1
        taken.add(name)
        node.name = name
        for i, output in enumerate(node.output):
            renamed.setdefault(output, f"{name}_output_{i}")
    shapes = {v.name: v for v in graph.value_info}
    infos = []
    for node in nodes:
        infos += [(shapes[o], renamed[o]) for o in node.output if o in shapes and o not in outputs]
        node.input[:] = [renamed[n] for n in node.input]
        node.output[:] = [renamed[n] for n in node.output]
        props = {p.key: p.value for p in node.metadata_props}
        del node.metadata_props[:]
        if "pkg.torch.onnx.stack_trace" in props:
            props["pkg.torch.onnx.stack_trace"] = without_folders(props["pkg.torch.onnx.stack_trace"])
        helper.set_model_props(node, {key: props[key] for key in KEPT if key in props})
    constants = [numpy_helper.from_array(np.ascontiguousarray(known[old]), new) for old, new in renamed.items() if old in known]
    del graph.node[:], graph.initializer[:], graph.value_info[:], graph.metadata_props[:]
    graph.node.extend(nodes)
    graph.initializer.extend(constants)
    for info, name in infos:
        info = type(info).FromString(info.SerializeToString())
        info.name = name
        del info.metadata_props[:]
        graph.value_info.append(info)
    for value in [*graph.input, *graph.output]:
        del value.metadata_props[:]


def write_onnx(model, file):
    x, shapes = example()
    program = torch.onnx.export(model, (x,), dynamo=True, optimize=False, verbose=False, dynamic_shapes=shapes, opset_version=OPSET,
                                input_names=["x"], output_names=["logits"])
    proto = program.model_proto
    tidy(proto)
    proto.graph.name = file.stem
    helper.set_model_props(proto, METADATA)
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in args.names or MODELS:
        model = trained(name)
        write_pt2(model, args.out / f"{name}.pt2")
        if name in ONNX:
            write_onnx(model, args.out / f"{name}.onnx")


if __name__ == "__main__":
    main()
