"""Writes kernels.json and kernels.bin beside this file: inputs, parameters and results of PyTorch 2.13 (fbgemm, x86).

One thread, a CPU with VNNI (no saturation). Element counts of element-wise int8 cases are multiples of 128, so that
ATen's vectors take all of them; cases named *_tail are those where its scalar code takes part, which may round a
tie to the other level.
"""
import json
import pathlib
import numpy as np
import torch
import torch.nn.functional as F

torch.backends.quantized.engine = "fbgemm"
torch.set_num_threads(1)
torch.manual_seed(20)
HERE = pathlib.Path(__file__).parent
blob = bytearray()
cases = []
Q = torch.ops.quantized


def f32(v):
    return float(np.float32(v))


def put(t):
    if t.is_quantized:
        if t.qscheme() == torch.per_channel_affine:
            extra = {"scales": [f32(s) for s in t.q_per_channel_scales().tolist()],
                     "zeros": t.q_per_channel_zero_points().tolist()}
        else:
            extra = {"scale": t.q_scale(), "zero": t.q_zero_point()}
        dtype = "u8" if t.dtype == torch.quint8 else "s8"
        raw = t.int_repr().contiguous().numpy()
    else:
        extra, dtype, raw = {}, "f32", t.contiguous().numpy().astype("<f4")
    at = blob.find(raw.tobytes())  # tensors that several cases share are kept once
    if at < 0 or at % 4:
        blob.extend(bytes(-len(blob) % 4))
        at = len(blob)
        blob.extend(raw.tobytes())
    return {"shape": list(t.shape), "dtype": dtype, "at": at, **extra}


def case(name, op, ins, out, params=None, **attrs):
    cases.append({"name": name, "op": op, "in": [put(t) for t in ins],
                  "last": all(t.dim() == 4 and t.is_contiguous(memory_format=torch.channels_last) for t in ins),
                  "params": {k: put(v) for k, v in (params or {}).items() if v is not None},
                  "attrs": attrs, "out": put(out)})


def q8(shape, scale, zero, high=256, low=0):
    levels = torch.randint(low, high, shape, dtype=torch.int64).to(torch.uint8)
    return torch._make_per_tensor_quantized_tensor(levels, f32(scale), zero)


def last(t):
    return t.contiguous(memory_format=torch.channels_last)


def weights(shape, low=-128, high=128, per_channel=True, zero=0):
    levels = torch.randint(low, high, shape, dtype=torch.int64).to(torch.int8)
    if not per_channel:
        return torch._make_per_tensor_quantized_tensor(levels, f32(0.013), zero)
    scales = torch.tensor([f32(s) for s in np.random.RandomState(3).uniform(0.002, 0.02, shape[0])],
                          dtype=torch.float64)
    return torch._make_per_channel_quantized_tensor(levels, scales, torch.zeros(shape[0], dtype=torch.int64), 0)


def geometry(stride=1, pad=0, dil=1, groups=1):
    return {"stride": stride, "pad": pad, "dil": dil, "groups": groups}


def qconv(name, c, h, w, o, k, relu=False, bias=True, high=256, zero=0, per_channel=True, wlow=-128, whigh=128,
          wzero=0, so=None, **g):
    g = geometry(**g)
    x = q8((1, c, h, w), 0.037, zero, high)
    wt = weights((o, c // g["groups"], k, k), wlow, whigh, per_channel, wzero)
    b = torch.randn(o) * 3 if bias else None
    depth = c // g["groups"] * k * k
    so = so or 0.037 * 0.011 * 74 * 128 * depth ** 0.5 / 60
    packed = Q.conv2d_prepack(wt, b, [g["stride"]] * 2, [g["pad"]] * 2, [g["dil"]] * 2, g["groups"])
    y = (Q.conv2d_relu if relu else Q.conv2d)(x, packed, f32(so), 101 if not relu else 13)
    case(name, "qconv", [x], y, {"weight": wt, "bias": b}, relu=relu, **g)


qconv("qconv_11x11_stride4_reduced", 3, 31, 31, 7, 11, high=128, zero=61, stride=4, pad=2)
qconv("qconv_5x5_relu", 5, 9, 10, 6, 5, relu=True, zero=128, pad=2)
qconv("qconv_3x3_full_range", 16, 7, 7, 20, 3, zero=3, pad=1)
qconv("qconv_no_bias", 8, 6, 6, 9, 3, bias=False, zero=250, pad=1)
qconv("qconv_1x1", 33, 5, 4, 17, 1, zero=77)
qconv("qconv_dilated", 4, 11, 11, 5, 3, zero=20, pad=2, dil=2)
qconv("qconv_groups", 12, 8, 8, 8, 3, zero=20, pad=1, groups=4)
qconv("qconv_groups_of_16", 32, 6, 6, 32, 3, zero=90, pad=1, groups=2, wlow=-60, whigh=60)
# FBGEMM's depthwise kernel adds pairs of products in int16 on every CPU; with a reduced range they cannot saturate.
qconv("qconv_depthwise_reduced", 16, 8, 8, 16, 3, zero=20, pad=1, groups=16, high=128, wlow=-64, whigh=64)
qconv("qconv_per_tensor", 6, 8, 8, 7, 3, zero=40, pad=1, per_channel=False)
qconv("qconv_per_tensor_affine_weights", 6, 8, 8, 7, 3, zero=40, pad=1, per_channel=False, wzero=-9)
qconv("qconv_deep", 70, 5, 5, 6, 3, zero=11, pad=1)
qconv("qconv_saturating_output", 3, 8, 8, 4, 3, zero=128, pad=1, so=0.02)


def qlinear(name, i, o, relu=False, rows=1, zero=128, per_channel=True, bias=True):
    x = q8((rows, i), 0.021, zero)
    wt = weights((o, i), per_channel=per_channel)
    b = torch.randn(o) if bias else None
    y = (Q.linear_relu if relu else Q.linear)(x, Q.linear_prepack(wt, b), f32(0.021 * 0.011 * 74 * 2 * i ** 0.5), 120)
    case(name, "qlinear", [x], y, {"weight": wt, "bias": b}, relu=relu)


qlinear("qlinear", 257, 17)
qlinear("qlinear_relu", 64, 10, relu=True)
qlinear("qlinear_rows", 31, 7, rows=3)
qlinear("qlinear_per_tensor", 90, 11, per_channel=False)
qlinear("qlinear_deep_no_bias", 2500, 3, bias=False, zero=5)

x = torch.cat([torch.randn(1000) * 4, torch.tensor([0.0, -0.0, 1e9, -1e9, 0.5, 1.5, 2.5, 1e-9])]).reshape(1, 1008)
for s, z in ((0.0371, 61), (0.5, 0), (1.0, 128)):
    q = torch.quantize_per_tensor(x, f32(s), z, torch.quint8)
    case(f"quantize_{s}_{z}", "quantize", [x], q)
    case(f"dequantize_{s}_{z}", "dequantize", [q], q.dequantize())

for name, sa, za, sb, zb, so, zo in (("general", 0.0371, 61, 0.0213, 17, 0.05, 100), ("ties", 0.1, 10, 0.05, 128, 0.1, 60),
                                     ("binary_ties", 0.25, 128, 0.125, 3, 0.5, 77), ("same", 0.07, 33, 0.07, 33, 0.14, 33)):
    a, b = q8((1, 16, 8, 8), sa, za), q8((1, 16, 8, 8), sb, zb)
    case(f"qadd_{name}", "qadd", [a, b], Q.add(a, b, f32(so), zo), relu=False)
    case(f"qadd_relu_{name}", "qadd", [a, b], Q.add_relu(a, b, f32(so), zo), relu=True)
    case(f"qmul_{name}", "qmul", [a, b], Q.mul(a, b, f32(so * 10), zo))
    case(f"qadd_{name}_tail", "qadd", [t[:, :, :3, :5].contiguous() for t in (a, b)],
         Q.add(a[:, :, :3, :5].contiguous(), b[:, :, :3, :5].contiguous(), f32(so), zo), relu=False)
    for c, layout in ((32, last), (21, last), (21, torch.Tensor.contiguous)):
        p, q = layout(q8((1, c, 4, 5), sa, za)), layout(q8((1, c + 3, 4, 5), sb, zb))
        suffix = "nhwc" if layout is last else "nchw"
        case(f"qcat_{name}_{c}_{suffix}", "qcat", [p, q], Q.cat([p, q], 1, f32(so), zo), axis=1)
    p, q = q8((1, 40), sa, za), q8((1, 30), sb, zb)
    case(f"qcat_{name}_flat", "qcat", [p, q], Q.cat([p, q], 1, f32(so), zo), axis=1)
    case(f"qcat_{name}_fits", "qcat", [p, q], Q.cat([p, q], 1, f32(sa), za), axis=1)

every = torch._make_per_tensor_quantized_tensor(torch.arange(256, dtype=torch.int64).to(torch.uint8).reshape(1, 16, 4, 4),
                                                f32(0.043), 99)
other = torch._make_per_tensor_quantized_tensor(every.int_repr(), f32(0.25), 128)
for n, t in (("a", every), ("b", other)):
    for slope in (0.01, 0.2, 0.5):
        case(f"qleaky_{slope}_{n}", "qleaky", [t], Q.leaky_relu(t, slope, False, f32(0.05), 70), slope=slope)
    case(f"qsigmoid_{n}", "qsigmoid", [t], Q.sigmoid(t, 1 / 256, 0))
    case(f"qrelu_{n}", "relu", [t], F.relu(t))
    case(f"qrelu6_{n}", "clip", [t], F.hardtanh(t, 0, 6), min=0, max=6)
    case(f"qhardtanh_{n}", "clip", [t], F.hardtanh(t, -1.25, 0.7), min=-1.25, max=0.7)

for c in (16, 64, 70, 5):
    t = last(q8((1, c, 6, 7), 0.043, 99))
    w, b, m, v = torch.randn(c), torch.randn(c), torch.randn(c) * 2, torch.rand(c) * 3 + 0.01
    case(f"qbatchnorm_{c}", "qbatchnorm", [t], Q.batch_norm2d(t, w, b, m, v, 1e-5, f32(0.031), 110),
         {"weight": w, "bias": b, "mean": m, "var": v}, eps=1e-5)

for c, layout in ((24, last), (35, last), (3, last), (24, torch.Tensor.contiguous)):
    t = layout(q8((1, c, 12, 13), 0.043, 99))
    suffix = "nhwc" if layout is last else "nchw"
    for k, s, p, ceil, include in ((2, 2, 0, False, True), (3, 2, 1, False, True), (3, 2, 1, True, False),
                                   (6, 3, 3, True, True), (5, 1, 2, False, False)):
        case(f"qavg_{c}_{k}{s}{p}{ceil}{include}_{suffix}", "avgpool", [t],
             F.avg_pool2d(t, k, s, p, ceil, include), kernel=k, stride=s, pad=p, ceil=ceil, include=include)
    for out in ((1, 1), (2, 2), (5, 4), (6, 6)):
        case(f"qadaptive_{c}_{out[0]}x{out[1]}_{suffix}", "adaptive", [t], F.adaptive_avg_pool2d(t, out), h=out[0], w=out[1])
    for k, s, p, d, ceil in ((2, 2, 0, 1, False), (3, 2, 1, 1, True), (3, 1, 1, 2, False)):
        case(f"qmax_{c}_{k}{s}{p}{d}{ceil}_{suffix}", "maxpool", [t], F.max_pool2d(t, k, s, p, d, ceil),
             kernel=k, stride=s, pad=p, dil=d, ceil=ceil)


def conv(name, c, h, w, o, k, bias=True, **g):
    g = geometry(**g)
    x, wt, b = torch.randn(1, c, h, w), torch.randn(o, c // g["groups"], k, k), torch.randn(o) if bias else None
    y = F.conv2d(x, wt, b, g["stride"], g["pad"], g["dil"], g["groups"])
    case(name, "conv", [x], y, {"weight": wt, "bias": b}, **g)


conv("conv_stride4", 3, 31, 31, 7, 11, stride=4, pad=2)
conv("conv_3x3", 9, 13, 12, 13, 3, pad=1)
conv("conv_dilated_groups", 6, 11, 11, 4, 3, bias=False, pad=2, dil=2, groups=2)
conv("conv_1x1", 30, 3, 5, 17, 1)
x = torch.randn(1, 12, 7, 9) * 3
w, b, m, v = torch.randn(12), torch.randn(12), torch.randn(12), torch.rand(12) + 0.1
case("batchnorm", "batchnorm", [x], F.batch_norm(x, m, v, w, b, eps=1e-5), {"weight": w, "bias": b, "mean": m, "var": v},
     eps=1e-5)
case("lrn_5", "lrn", [x], F.local_response_norm(x, 5, 1e-2, 0.75, 2.0), size=5, alpha=1e-2, beta=0.75, k=2.0)
case("lrn_4", "lrn", [x], F.local_response_norm(x, 4, 0.5, 0.6, 1.0), size=4, alpha=0.5, beta=0.6, k=1.0)
case("softmax_channels", "softmax", [x], F.softmax(x, 1), axis=1)
case("logsoftmax_last", "logsoftmax", [x], F.log_softmax(x, 3), axis=3)
case("leaky", "leaky", [x], F.leaky_relu(x, 0.1), slope=0.1)
case("sigmoid", "sigmoid", [x], torch.sigmoid(x))
case("relu", "relu", [x], F.relu(x))
case("hardtanh", "clip", [x], F.hardtanh(x, -1.25, 0.7), min=-1.25, max=0.7)
case("add_broadcast", "add", [x, m.reshape(12, 1, 1)], x + m.reshape(12, 1, 1))
case("mul_broadcast", "mul", [m.reshape(1, 12, 1, 1), x[:, :1]], m.reshape(1, 12, 1, 1) * x[:, :1])
case("cat", "cat", [x, x[:, :3] * 2], torch.cat([x, x[:, :3] * 2], 1), axis=1)
for k, s, p, d, ceil in ((3, 2, 0, 1, True), (3, 2, 1, 1, True), (2, 3, 1, 1, True), (3, 1, 1, 2, False)):
    case(f"max_{k}{s}{p}{d}{ceil}", "maxpool", [x], F.max_pool2d(x, k, s, p, d, ceil), kernel=k, stride=s, pad=p, dil=d,
         ceil=ceil)
for k, s, p, ceil, include in ((3, 2, 1, True, True), (3, 2, 1, True, False), (2, 3, 1, True, True), (5, 1, 2, False, True)):
    case(f"avg_{k}{s}{p}{ceil}{include}", "avgpool", [x], F.avg_pool2d(x, k, s, p, ceil, include), kernel=k, stride=s,
         pad=p, ceil=ceil, include=include)
for h, w_ in ((1, 1), (3, 4), (7, 2), (6, 6)):
    case(f"adaptive_{h}x{w_}", "adaptive", [x], F.adaptive_avg_pool2d(x, (h, w_)), h=h, w=w_)
x, wt, b = torch.randn(1, 77), torch.randn(13, 77), torch.randn(13)
case("linear", "linear", [x], F.linear(x, wt, b), {"weight": wt, "bias": b})


def binary(name, c, h, w, o, k, zeros=True, int8=False, **g):
    """The result before scaling is kept as sums, which are integers."""
    g = geometry(**g)
    if int8:
        source = q8((1, c, h, w), 0.05, 100, 110, 90)
        x = source.dequantize()
    else:
        x = torch.randn(1, c, h, w)
        x = x * (torch.rand_like(x) > 0.3) if zeros else x
        source = x
    s = torch.sign(torch.randn(o, c // g["groups"], k, k))
    alpha, b = torch.rand(o) + 0.05, torch.randn(o)
    sums = F.conv2d(torch.sign(x), s, None, g["stride"], g["pad"], g["dil"], g["groups"])
    y = F.conv2d(torch.sign(x), s * alpha[:, None, None, None], b, g["stride"], g["pad"], g["dil"], g["groups"])
    case(name, "binary", [source], y, {"weight": s, "alpha": alpha, "bias": b, "sums": sums}, **g)


binary("binary_zeros_padding", 70, 6, 7, 9, 3, pad=1)
binary("binary_no_zeros", 64, 6, 6, 8, 3, zeros=False, pad=1)
binary("binary_groups_stride", 12, 9, 9, 6, 5, pad=2, stride=2, groups=2)
binary("binary_dilated", 20, 9, 8, 5, 3, pad=2, dil=2)
binary("binary_1x1_image", 200, 1, 1, 10, 1)
binary("binary_int8", 33, 6, 6, 7, 3, int8=True, pad=1)

(HERE / "kernels.bin").write_bytes(blob)
(HERE / "kernels.json").write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases,", len(blob), "bytes")
