"""Writes <profile>.json and <profile>.bin beside this file: int8 inputs, parameters and results of the real backend.

    python make_golden.py qnnpack onednn onnxruntime                            on a CPU with AVX512-VNNI
    qemu-x86_64 -cpu Haswell python make_golden.py fbgemm-avx2 onnxruntime-avx2  an AVX2 CPU without VNNI, emulated

PyTorch 2.13, ONNX Runtime 1.30 (QDQ models, as it optimizes them), one thread. The layout is that of ../kernels.
"""
import json
import pathlib
import sys
import numpy as np

HERE = pathlib.Path(__file__).parent
f32 = np.float32


class Q:
    """Levels with their parameters; per channel where the scale is an array."""

    def __init__(self, levels, scale, zero):
        self.levels, self.scale, self.zero = levels, scale, zero


class Cases:
    def __init__(self):
        self.blob, self.cases = bytearray(), []

    def put(self, t):
        raw = (t.levels if isinstance(t, Q) else t.astype("<f4"))
        extra = {"dtype": "f32"}
        if isinstance(t, Q):
            extra = {"dtype": "u8" if raw.dtype == np.uint8 else "s8"}
            if np.ndim(t.scale):
                extra |= {"scales": [float(f32(s)) for s in t.scale], "zeros": [t.zero] * len(t.scale)}
            else:
                extra |= {"scale": float(f32(t.scale)), "zero": int(t.zero)}
        data = np.ascontiguousarray(raw).tobytes()
        self.blob.extend(bytes(-len(self.blob) % 4))
        at = len(self.blob)
        self.blob.extend(data)
        return {"shape": list(raw.shape), "at": at, **extra}

    def add(self, name, op, ins, out, params=None, **attrs):
        self.cases.append({"name": name, "op": op, "in": [self.put(t) for t in ins], "last": True, "attrs": attrs,
                           "params": {k: self.put(v) for k, v in (params or {}).items() if v is not None},
                           "out": self.put(out)})

    def write(self, profile):
        (HERE / f"{profile}.json").write_text(json.dumps(self.cases, separators=(",", ":")) + "\n")
        (HERE / f"{profile}.bin").write_bytes(self.blob)
        print(profile, len(self.cases), "cases,", len(self.blob), "bytes")


class Torch:
    def __init__(self, engine):
        import torch
        torch.set_num_threads(1)
        torch.backends.quantized.engine = engine
        self.torch, self.ops, self.per_tensor_only = torch, torch.ops.quantized, False

    def tensor(self, q):
        t = self.torch._make_per_tensor_quantized_tensor(self.torch.from_numpy(q.levels), float(q.scale), int(q.zero))
        return t.contiguous(memory_format=self.torch.channels_last) if t.dim() == 4 else t

    @staticmethod
    def back(t):
        return Q(t.int_repr().contiguous().numpy(), t.q_scale(), t.q_zero_point())

    def weight(self, w):
        t = self.torch.from_numpy(w.levels)
        if np.ndim(w.scale):
            scales = self.torch.tensor(w.scale, dtype=self.torch.float64)
            return self.torch._make_per_channel_quantized_tensor(t, scales, self.torch.zeros(len(w.scale),
                                                                 dtype=self.torch.long), 0)
        return self.torch._make_per_tensor_quantized_tensor(t, float(w.scale), w.zero)

    def layer(self, x, w, b, scale, zero, relu, a):
        nn = self.torch.ao.nn
        o, i = w.levels.shape[:2]
        if a is None:
            layer = (nn.intrinsic.quantized.LinearReLU if relu else nn.quantized.Linear)(i, o)
        else:
            layer = (nn.intrinsic.quantized.ConvReLU2d if relu else nn.quantized.Conv2d)(
                i * a["groups"], o, a["kernel"], a["stride"], a["pad"], a["dil"], a["groups"])
        layer.set_weight_bias(self.weight(w), None if b is None else self.torch.from_numpy(b))
        layer.scale, layer.zero_point = float(scale), int(zero)
        return self.back(layer(self.tensor(x)))

    def quantize(self, x, scale, zero):
        return self.back(self.torch.quantize_per_tensor(self.torch.from_numpy(x), float(scale), zero, self.torch.quint8))

    def add(self, x, y, scale, zero, relu):
        return self.back((self.ops.add_relu if relu else self.ops.add)(self.tensor(x), self.tensor(y), float(scale), zero))

    def mul(self, x, y, scale, zero):
        return self.back(self.ops.mul(self.tensor(x), self.tensor(y), float(scale), zero))

    def cat(self, xs, scale, zero):
        return self.back(self.ops.cat([self.tensor(x) for x in xs], 1, float(scale), zero))

    def leaky(self, x, slope, scale, zero):
        return self.back(self.ops.leaky_relu(self.tensor(x), slope, False, float(scale), zero))

    def sigmoid(self, x):
        return self.back(self.torch.sigmoid(self.tensor(x)))

    def maxpool(self, x, k, s, p):
        return self.back(self.torch.nn.functional.max_pool2d(self.tensor(x), k, s, p))

    def avgpool(self, x, k, s, p, include):
        return self.back(self.torch.nn.functional.avg_pool2d(self.tensor(x), k, s, p, count_include_pad=include))

    def adaptive(self, x, h, w):
        return self.back(self.torch.nn.functional.adaptive_avg_pool2d(self.tensor(x), (h, w)))


class Ort:
    """Each case is a QDQ model of one operator."""

    def __init__(self):
        import onnx
        import onnxruntime
        self.onnx, self.ort, self.h = onnx, onnxruntime, onnx.helper

    def run(self, op, inputs, out, before=(), extra=(), **attrs):
        h, nodes, inits, feeds, names = self.h, list(before), list(extra), {}, []
        const = lambda n, v: inits.append(self.onnx.numpy_helper.from_array(np.asarray(v), n))
        for i, x in enumerate(inputs):
            if isinstance(x, Q):
                const(f"s{i}", f32(x.scale)), const(f"z{i}", np.uint8(x.zero))
                nodes.append(h.make_node("DequantizeLinear", [f"x{i}", f"s{i}", f"z{i}"], [f"d{i}"]))
            names.append(f"d{i}" if isinstance(x, Q) else f"x{i}")
            feeds[f"x{i}"] = x.levels if isinstance(x, Q) else x
        scale, zero = out
        const("so", f32(scale)), const("zo", np.uint8(zero))
        if op:
            nodes.append(h.make_node(op, names + [n for n in ("wd", "bd") if any(e.output[0] == n for e in before)],
                                     ["r"], **attrs))
        nodes.append(h.make_node("QuantizeLinear", ["r" if op else names[0], "so", "zo"], ["y"]))
        types = [h.make_tensor_value_info(n, h.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in feeds.items()]
        graph = h.make_graph(nodes, "case", types, [h.make_tensor_value_info("y", 2, None)], inits)
        model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
        options = self.ort.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        session = self.ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return Q(session.run(None, feeds)[0], scale, zero)

    def layer(self, x, w, b, scale, zero, relu, a):
        h, arr = self.h, self.onnx.numpy_helper.from_array
        per = np.ndim(w.scale) > 0
        extra = [arr(w.levels, "w"), arr(np.asarray(w.scale, f32), "sw"),
                 arr(np.zeros(len(w.scale), np.int8) if per else np.int8(w.zero), "zw")]
        axis = {"axis": 0} if per else {}
        before = [h.make_node("DequantizeLinear", ["w", "sw", "zw"], ["wd"], **axis)]
        if b is not None:
            aw = (f32(x.scale) * np.asarray(w.scale, f32)).astype(f32)
            extra += [arr(np.rint(b / aw).astype(np.int32), "b"), arr(np.asarray(aw), "sb"),
                      arr(np.zeros(len(b), np.int32) if per else np.int32(0), "zb")]
            before.append(h.make_node("DequantizeLinear", ["b", "sb", "zb"], ["bd"], **axis))
        if a is None:
            return self.run("Gemm", [x], (scale, zero), before, extra, transB=1)
        return self.run("Conv", [x], (scale, zero), before, extra, kernel_shape=[a["kernel"]] * 2,
                        strides=[a["stride"]] * 2, pads=[a["pad"]] * 4, dilations=[a["dil"]] * 2, group=a["groups"])

    def quantize(self, x, scale, zero):
        return self.run("", [x], (scale, zero))

    def add(self, x, y, scale, zero, relu):
        return self.run("Add", [x, y], (scale, zero))

    def mul(self, x, y, scale, zero):
        return self.run("Mul", [x, y], (scale, zero))

    def cat(self, xs, scale, zero):
        return self.run("Concat", xs, (scale, zero), axis=1)

    def leaky(self, x, slope, scale, zero):
        return self.run("LeakyRelu", [x], (scale, zero), alpha=slope)

    def sigmoid(self, x):
        return self.run("Sigmoid", [x], (1 / 256, 0))

    def maxpool(self, x, k, s, p):
        return self.run("MaxPool", [x], (x.scale, x.zero), kernel_shape=[k, k], strides=[s, s], pads=[p] * 4)

    def avgpool(self, x, k, s, p, include):
        return self.run("AveragePool", [x], (x.scale, x.zero), kernel_shape=[k, k], strides=[s, s], pads=[p] * 4,
                        count_include_pad=int(include))

    def adaptive(self, x, h, w):
        if h == w == 1:
            return self.run("GlobalAveragePool", [x], (x.scale, x.zero))
        k = [x.levels.shape[2] // h, x.levels.shape[3] // w]
        return self.run("AveragePool", [x], (x.scale, x.zero), kernel_shape=k, strides=k)


# channels, outputs, kernel, stride, padding, dilation, groups, height
CONVS = [(3, 8, 3, 1, 1, 1, 1, 9), (16, 33, 1, 1, 0, 1, 1, 6), (8, 6, 5, 2, 2, 1, 1, 11), (5, 16, 3, 1, 2, 2, 1, 8),
         (32, 8, 3, 1, 1, 1, 1, 5), (16, 32, 3, 1, 1, 1, 4, 6), (16, 16, 3, 1, 1, 1, 16, 7), (32, 32, 5, 1, 2, 1, 32, 6),
         (6, 12, 3, 1, 1, 1, 6, 5), (64, 16, 3, 2, 1, 1, 1, 7), (3, 16, 11, 4, 2, 1, 1, 21)]
LINEARS = [(7, 6), (64, 16), (129, 33), (256, 10)]


def write(profile):
    backend = Ort() if profile.startswith("onnx") else Torch(profile.removesuffix("-avx2"))
    rng = np.random.default_rng(7)
    cases = Cases()

    def levels(shape, scale, zero, step=1):
        return Q((rng.integers(0, 256 // step, shape) * step).astype(np.uint8), f32(scale), zero)

    def weight(shape, per_channel):
        w = rng.standard_normal(shape).astype(f32)
        most = np.abs(w).reshape(shape[0], -1).max(1)
        scale = (most if per_channel else most.max()) / f32(127.5)
        each = scale.reshape((-1,) + (1,) * (len(shape) - 1)) if per_channel else scale
        return Q(np.clip(np.rint(w / each), -128, 127).astype(np.int8), scale.astype(f32) if per_channel else f32(scale), 0)

    def layer(name, op, x, w, i, a):
        b = None if i % 5 == 4 else (rng.standard_normal(w.levels.shape[0]) * 4).astype(f32)
        relu = i % 3 == 1
        spread = f32(x.scale) * np.max(w.scale) * np.sqrt(w.levels[0].size) * 74 * 40
        zero = 0 if relu else int(rng.integers(20, 200))
        scale = f32(spread * (3 if not relu else 2) / 255)
        y = backend.layer(x, w, b, scale, zero, relu, a)
        cases.add(name, op, [x], y, {"weight": w, "bias": b}, relu=relu, **({} if a is None else {
            k: a[k] for k in ("stride", "pad", "dil", "groups")}))

    for i, (c, o, k, s, p, d, g, h) in enumerate(CONVS):
        for per_channel in (True, False):
            x = levels((1, c, h, h), rng.uniform(.01, .1), int(rng.integers(0, 256)))
            layer(f"conv {c}->{o} {k}x{k} stride {s} groups {g} {'channel' if per_channel else 'tensor'}", "qconv", x,
                  weight((o, c // g, k, k), per_channel), i, dict(kernel=k, stride=s, pad=p, dil=d, groups=g))
    for i, (c, o) in enumerate(LINEARS):
        for per_channel in (True, False):
            x = levels((1, c), rng.uniform(.01, .1), int(rng.integers(0, 256)))
            layer(f"linear {c}->{o} {'channel' if per_channel else 'tensor'}", "qlinear", x, weight((o, c), per_channel),
                  i, None)
    # Scales in simple ratios make ties.
    for i, (ra, rb, rc) in enumerate([(1, 2, 4), (1, .5, 2), (1, .77, 1.5), (1, 1, 1), (3, 1, 8), (1, 2, 3)]):
        base = f32(rng.uniform(.01, .1))
        x, y = [levels((1, 16, 4, 4), base * f32(r), int(rng.integers(0, 256))) for r in (ra, rb)]
        scale, zero = f32(base * f32(rc)), int(rng.integers(0, 256))
        for relu in (False, True) if profile[:4] != "onnx" else (False,):
            cases.add(f"add {i} {relu}", "qadd", [x, y], backend.add(x, y, scale, zero, relu), relu=relu)
        cases.add(f"cat {i}", "qcat", [x, y], backend.cat([x, y], scale, zero), axis=1)
        cases.add(f"leaky {i}", "qleaky", [x], backend.leaky(x, .25, scale, zero), slope=.25)
        product = f32(base * base * f32(rc) * 16)
        cases.add(f"mul {i}", "qmul", [x, y], backend.mul(x, y, product, zero))
        cases.add(f"sigmoid {i}", "qsigmoid", [x], backend.sigmoid(x))
        real = (rng.integers(-600, 600, (1, 4, 4, 8)) * (base / 2)).astype(f32)
        cases.add(f"quantize {i}", "quantize", [real], backend.quantize(real, base, zero))
        image = levels((1, 16, 6, 6), base, int(rng.integers(0, 256)), 1 + i % 3)
        for k, s, p in ((3, 2, 1), (2, 2, 0)):
            pool = dict(kernel=k, stride=s, pad=p, ceil=False)
            cases.add(f"maxpool {i} {k}", "maxpool", [image], backend.maxpool(image, k, s, p), dil=1, **pool)
            for include in (False, True):
                cases.add(f"avgpool {i} {k} {include}", "avgpool", [image], backend.avgpool(image, k, s, p, include),
                          include=include, **pool)
        for h, w in ((1, 1), (3, 2)) + (() if profile[:4] == "onnx" else ((4, 5),)):
            cases.add(f"adaptive {i} {h}x{w}", "adaptive", [image], backend.adaptive(image, h, w), h=h, w=w)
    # Weights with a zero point; what saturates is the product of the levels.
    for i, (c, o, k, s, p, d, g, h) in enumerate(CONVS if profile != "onednn" else ()):
        w = weight((o, c // g, k, k), False)
        x = levels((1, c, h, h), rng.uniform(.01, .1), int(rng.integers(0, 256)))
        layer(f"conv {c}->{o} {k}x{k} stride {s} groups {g} weight zero point", "qconv", x,
              Q(w.levels, w.scale, int(rng.integers(-20, 21))), i, dict(kernel=k, stride=s, pad=p, dil=d, groups=g))
    cases.write(profile)


for name in sys.argv[1:]:
    write(name)
