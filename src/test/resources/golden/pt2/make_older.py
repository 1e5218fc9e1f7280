"""The archives of older PyTorch releases, for the reader's tests: one folder a case beside this file.

Only PyTorch 2.13 ran here. What it exports is rewritten to the older forms as the serializers of those releases write
them (torch/_export/serde/schema.py and serialize.py, torch/export/__init__.py and pt2_archive/_package.py of each):

  older-2.1  schema 1: unions with a null for each alternative, arguments with their defaults, a signature of maps,
             module stacks "key:(path,type)", constants as base64 inside of the graph, weights in
             serialized_state_dict.json (which is a torch.save file in spite of its name)
  older-2.2  schema 2: input_specs and output_specs; constants in a file of their own
  older-2.4  schema 5.3: unions of one alternative, .pt files, example inputs
  older-2.7  schema 8.7; PyTorch 2.13 itself loads it, checked below
  older-2.8  the archive with a folder, weights still in one torch.save file; PyTorch 2.13 itself loads it

Releases up to 2.4 export the core ATen operators only, so those start from run_decompositions().
"""
import base64
import io
import json
import pathlib
import zipfile

import torch
from torch import nn
from torch._export.serde.serialize import serialize

from make_models import tidy

HERE = pathlib.Path(__file__).parent
UNIONS = {
    "argument": ["as_none", "as_tensor", "as_tensors", "as_int", "as_ints", "as_float", "as_floats", "as_string",
                 "as_strings", "as_sym_int", "as_sym_ints", "as_scalar_type", "as_memory_format", "as_layout",
                 "as_device", "as_bool", "as_bools", "as_sym_bool", "as_sym_bools", "as_graph", "as_optional_tensors",
                 "as_custom_obj"],
    "sym_int": ["as_expr", "as_int"],
    "sym_name": ["as_name", "as_int"],
    "hint": ["as_int", "as_float", "as_bool"],
    "input_spec": ["user_input", "parameter", "buffer", "tensor_constant"],
    "output_spec": ["user_output", "loss_output", "buffer_mutation", "gradient_to_parameter",
                    "gradient_to_user_input"],
}


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
                                      nn.MaxPool2d(2))
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, groups=2)
        self.bn2 = nn.BatchNorm2d(8)
        self.relu2 = nn.ReLU6()
        self.fc = nn.Linear(8, 5)
        self.register_buffer("shift", torch.randn(8, 1, 1))

    def forward(self, x):
        x = self.features(x)
        x = self.relu2(self.bn2(self.conv2(x)) + x * 2.5 + self.shift + torch.tensor([0.25]))
        x = nn.functional.adaptive_avg_pool2d(x, 1)
        return self.fc(x.view(x.size(0), -1))


def full(union, value):
    """A union as dataclasses.asdict writes it: all of its alternatives, null but for one."""
    return {name: value.get(name) for name in UNIONS[union]}


def argument(arg):
    kind, value = next(iter(arg.items()))
    if kind == "as_none":
        value = []
    elif kind == "as_sym_int":
        value = full("sym_name", value)
    elif kind == "as_sym_ints":
        value = [full("sym_name", v) for v in value]
    elif kind == "as_device":
        value = {"type": value["type"], "index": value.get("index")}
    elif kind == "as_ints" and not value:
        kind = "as_bools"  # all() of an empty list: the first test that succeeds is the one for bools
    return {kind: value}


def default(value):
    if value is None:
        return {"as_none": []}
    if isinstance(value, bool):
        return {"as_bool": value}
    if isinstance(value, int):
        return {"as_int": value}
    if isinstance(value, float):
        return {"as_float": value}
    if isinstance(value, str):
        return {"as_string": value}
    if isinstance(value, (list, tuple)):
        return {"as_bools" if all(isinstance(v, bool) for v in value) else "as_ints": list(value)}
    raise ValueError(value)


def sym_int(value, form):
    if "as_expr" in value:
        expr = {"expr_str": value["as_expr"]["expr_str"]}
        hint = value["as_expr"].get("hint")
        expr["hint"] = (hint or {}).get("as_int") if form == 1 else hint and full("hint", hint)
        value = {"as_expr": expr}
    return full("sym_int", value)


def tensor_meta(meta, form):
    meta = dict(meta)
    meta["sizes"] = [sym_int(s, form) for s in meta["sizes"]]
    meta["strides"] = [sym_int(s, form) for s in meta["strides"]]
    meta["storage_offset"] = 0
    meta["device"] = {"type": meta["device"]["type"], "index": meta["device"].get("index")}
    return {"meta": meta} if form == 1 else meta


def stack(text):
    """L__self___features_0:(L['self'].features[0],torch.nn.modules.conv.Conv2d), as 2.1 writes it."""
    entries = []
    for entry in text.split(";"):
        key, path, kind = entry.split(",", 2)
        place = "L['self']"
        for part in filter(None, path.split(".")):
            place += f"[{part}]" if part.isdigit() else f".{part}"
        entries.append(f"{key}:({place},{kind})")
    return ";".join(entries)


def node(json_node, form):
    inputs = []
    given = {i["name"]: i["arg"] for i in json_node["inputs"]}
    target = json_node["target"]
    if form == 1 and target.startswith("torch.ops.aten."):
        op = torch.ops.aten
        for part in target.split(".")[3:]:
            op = getattr(op, part)
        arguments = [(a.name, given[a.name] if a.name in given else default(a.default_value))
                     for a in op._schema.arguments]
    else:
        arguments = list(given.items())
    for name, arg in arguments:
        inputs.append({"name": name, "arg": full("argument", argument(arg))})
    metadata = dict(json_node["metadata"])
    if form == 1 and "nn_module_stack" in metadata:
        metadata["nn_module_stack"] = stack(metadata["nn_module_stack"])
    metadata.pop("torch_fn", None)
    return {"target": target, "inputs": inputs, "outputs": [full("argument", argument(o)) for o in json_node["outputs"]],
            "metadata": metadata}


def renamed(value, names):
    """Placeholders are arg0_1, arg1_1, ... up to 2.2."""
    if isinstance(value, dict):
        return {names.get(k, k): names.get(v, v) if k in ("name", "as_name") and isinstance(v, str) else renamed(v, names)
                for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    return value


def signature_of_maps(specs, outputs):
    maps = {"inputs_to_parameters": {}, "inputs_to_buffers": {}, "user_inputs": [], "user_outputs": [],
            "buffers_to_mutate": {}, "backward_signature": None}
    constants = {}
    for spec in specs:
        kind, value = next(iter(spec.items()))
        if kind == "user_input":
            maps["user_inputs"].append(value["arg"]["as_tensor"]["name"])
        elif kind == "tensor_constant":
            constants[value["arg"]["name"]] = value["tensor_constant_name"]
        else:
            maps[f"inputs_to_{kind}s"][value["arg"]["name"]] = value[f"{kind}_name"]
    for spec in outputs:
        maps["user_outputs"].append(spec["user_output"]["arg"]["as_tensor"]["name"])
    return maps, constants


def saved(value):
    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def old_schema(program, form, constants):
    """Schema 1 or 2."""
    module = program["graph_module"]
    names = {n["as_tensor"]["name"]: f"arg{i}_1" for i, n in enumerate(module["graph"]["inputs"])}
    module = renamed(module, names)
    graph = module["graph"]
    specs = module["signature"]["input_specs"]
    new = {"nodes": [node(n, form) for n in graph["nodes"]],
           "tensor_values": {k: tensor_meta(v, form) for k, v in graph["tensor_values"].items()},
           "sym_int_values": {k: sym_int(v, form) for k, v in graph["sym_int_values"].items()},
           "sym_bool_values": {}, "is_single_tensor_return": False}
    signature = {"input_specs": [full("input_spec", {k: {**v, "arg": full("argument", v["arg"])} if k == "user_input" else v
                                                     for k, v in s.items()}) for s in specs],
                 "output_specs": [full("output_spec", {k: {"arg": full("argument", v["arg"])} for k, v in s.items()})
                                  for s in module["signature"]["output_specs"]]}
    lifted = {}
    if form == 1:
        signature, lifted = signature_of_maps(specs, module["signature"]["output_specs"])
        new["constants"] = {name: base64.b64encode(saved(constants[fqn])).decode() for name, fqn in lifted.items()}
        for name in lifted:
            del new["tensor_values"][name]
    new["inputs"] = [full("argument", i) for i in graph["inputs"] if i["as_tensor"]["name"] not in lifted]
    new["outputs"] = [full("argument", o) for o in graph["outputs"]]
    ranges = {k: {"min_val": v["min_val"] if v["min_val"] is not None else -float("inf"),
                  "max_val": v["max_val"] if v["max_val"] is not None else float("inf")}
              for k, v in program["range_constraints"].items()}
    result = {"graph_module": {"graph": new, "signature": signature, "module_call_graph": []},
              "opset_version": {"aten": 10}, "range_constraints": ranges, "schema_version": form}
    if form == 1:
        result["equality_constraints"] = []
    else:
        result["dialect"] = "ATEN"
    return result


def none_as_list(value):
    if isinstance(value, dict):
        return {k: [] if k == "as_none" else none_as_list(v) for k, v in value.items()}
    if isinstance(value, list):
        return [none_as_list(v) for v in value]
    return value


def schema_5(program):
    program = none_as_list(program)
    for n in program["graph_module"]["graph"]["nodes"]:
        for field in ("name", "is_hop_single_tensor_return"):
            n.pop(field, None)
        for i in n["inputs"]:
            i.pop("kind", None)
    for field in ("verifiers", "torch_version", "guards_code"):
        program.pop(field, None)
    program["schema_version"] = {"major": 5, "minor": 3}
    program["dialect"] = "ATEN"
    return program


def schema_8(program):
    program = json.loads(json.dumps(program))
    for n in program["graph_module"]["graph"]["nodes"]:
        n.pop("name", None)
    program.pop("guards_code", None)
    program["schema_version"] = {"major": 8, "minor": 7}
    program["torch_version"] = "2.7.1+cpu"
    return program


def write_zip(path, entries):
    with zipfile.ZipFile(path, "w") as archive:
        for entry, content in entries.items():
            info = zipfile.ZipInfo(entry)
            archive.writestr(info, content if isinstance(content, (bytes, str)) else json.dumps(content))


def write(name, entries):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    write_zip(folder / "model.pt2", entries)
    return folder


def write_older(program, x, path):
    """The single file of PyTorch 2.7, of any program; checked by loading it."""
    write_zip(path, {"serialized_exported_program.json": schema_8(json.loads(serialize(program).exported_program)),
                     "serialized_state_dict.pt": saved(program.state_dict), "serialized_constants.pt": saved(program.constants),
                     "serialized_example_inputs.pt": saved(((x,), {})), "version": "8.7"})
    assert torch.equal(torch.export.load(path).module()(x), program.module()(x))


if __name__ == "__main__":
    torch.manual_seed(3)
    net = Residual()
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_mean, -0.2, 0.2)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    net.eval()
    x = torch.randn(2, 3, 12, 12)
    batch = {"x": {0: torch.export.Dim("N", min=1, max=64)}}
    with torch.no_grad():
        expected = net(x[:1].clone())
    program = tidy(torch.export.export(net, (x,), dynamic_shapes=batch))
    program.example_inputs = None
    core = tidy(program.run_decompositions())
    core.example_inputs = None
    artifact, core_artifact = serialize(program), serialize(core)
    now, core_now = json.loads(artifact.exported_program), json.loads(core_artifact.exported_program)
    state, constants, none = saved(program.state_dict), saved(program.constants), saved(((x,), {}))
    extra = {"extra_files/class_names.json": '["a", "b"]'}
    folders = [
        write("older-2.1", {"serialized_exported_program.json": old_schema(core_now, 1, core.constants),
                            "serialized_state_dict.json": state, "version": "1", **extra}),
        write("older-2.2", {"serialized_exported_program.json": old_schema(core_now, 2, core.constants),
                            "serialized_state_dict.json": state, "serialized_constants.json": saved(core.constants),
                            "version": "2", **extra}),
        write("older-2.4", {"serialized_exported_program.json": schema_5(core_now),
                            "serialized_state_dict.pt": state, "serialized_constants.pt": saved(core.constants),
                            "serialized_example_inputs.pt": none, "version": "5.3", **extra}),
        write("older-2.7", {"serialized_exported_program.json": schema_8(now),
                            "serialized_state_dict.pt": state, "serialized_constants.pt": constants,
                            "serialized_example_inputs.pt": none, "version": "8.7", **extra}),
        write("older-2.8", {"model/archive_format": "pt2", "model/archive_version": "0", "model/byteorder": "little",
                            "model/models/model.json": schema_8(now), "model/data/weights/model.pt": state,
                            "model/data/constants/model.pt": constants, "model/data/sample_inputs/model.pt": none,
                            "model/extra/class_names.json": '["a", "b"]', "model/.data/version": "3\n"}),
    ]
    for folder in folders:
        x[0].numpy().astype("<f4").tofile(folder / "input.bin")
        expected.numpy().astype("<f4").tofile(folder / "output.bin")
    for folder in folders[3:]:
        again = torch.export.load(folder / "model.pt2").module()(x)
        assert torch.equal(again, net(x)), folder
        print(folder.name, "is loaded by PyTorch", torch.__version__)
