"""Golden vectors of PyTorch 2.13's observers and quantize functions: golden.json beside this file.

Inputs are not stored: Java makes the same float32 numbers from the same integer generator (see numbers()).
"""
import json
import pathlib
import struct
import warnings

import numpy as np
import torch
from torch.ao.quantization import observer as obs

warnings.simplefilter("ignore")
F = np.float32


def uniform(seed, n):
    """n float32 in [0, 1): the upper 24 bits of a 32-bit linear congruential generator."""
    out = np.empty(n, F)
    x = seed & 0xFFFFFFFF
    for i in range(n):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        out[i] = F(x >> 8) * F(2.0 ** -24)
    return out


def numbers(kind, seed, n, scale):
    u = uniform(seed, n)
    if kind == "uniform":
        x = u * F(2) - F(1)
    elif kind == "bell":
        x = u + uniform(seed + 1, n)
        x = x + uniform(seed + 2, n)
        x = x + uniform(seed + 3, n)
        x = x - F(2)
    elif kind == "heavy":
        x = u * F(2) - F(1)
        x = x * x * x
        x = x * x * x
    elif kind == "relu":
        x = np.maximum(u * F(2) - F(1), F(0))
    elif kind == "negative":
        x = -u - F(0.25)
    elif kind == "constant":
        x = np.full(n, F(0.75), F)
    elif kind == "zero":
        x = np.zeros(n, F)
    elif kind == "infinite":
        x = u * F(2) - F(1)
        x[::97] = np.inf
        x[::89] = -np.inf
    return (x * F(scale)).astype(F)


def bits(x):
    return struct.unpack("<i", struct.pack("<f", float(x)))[0]


CLASSES = {
    "HISTOGRAM": obs.HistogramObserver, "MIN_MAX": obs.MinMaxObserver,
    "MOVING_AVERAGE_MIN_MAX": obs.MovingAverageMinMaxObserver, "PER_CHANNEL_MIN_MAX": obs.PerChannelMinMaxObserver,
    "MOVING_AVERAGE_PER_CHANNEL_MIN_MAX": obs.MovingAveragePerChannelMinMaxObserver,
}


def observe(kind, dtype, scheme, reduce_range, batches):
    o = CLASSES[kind](dtype=getattr(torch, dtype.lower()), qscheme=getattr(torch, scheme.lower()),
                      reduce_range=reduce_range)
    for b in batches:
        x = torch.from_numpy(numbers(b["kind"], b["seed"], b["n"], b["scale"]))
        o(x.reshape(b.get("rows", 1), -1))
    s, z = o.calculate_qparams()
    return {"observer": kind, "dtype": dtype, "scheme": scheme, "reduceRange": reduce_range, "batches": batches,
            "scales": [bits(v) for v in s.reshape(-1)], "zeroPoints": [int(v) for v in z.reshape(-1)]}


def batch(kind, seed, n, scale, rows=1):
    return {"kind": kind, "seed": seed, "n": n, "scale": scale, "rows": rows}


cases = []
series = [
    [batch("uniform", 1, 5000, 1.0)], [batch("bell", 2, 5000, 1.0)], [batch("heavy", 3, 5000, 10.0)],
    [batch("relu", 4, 5000, 3.0)], [batch("negative", 5, 3000, 2.0)], [batch("constant", 6, 100, 1.0)],
    [batch("zero", 7, 100, 1.0)], [batch("infinite", 8, 5000, 1.0)], [batch("bell", 9, 3, 1.0)],
    [batch("bell", 10, 4000, 1e-6)], [batch("bell", 11, 4000, 1e6)], [batch("bell", 111, 4000, 1e-20)],
    [batch("bell", 12, 3000, s) for s in (1.0, 1.5, 0.5, 3.0, 7.0)],
    [batch("heavy", 20 + i, 3000, s) for i, s in enumerate((1.0, 1.01, 0.5, 9.0))],
    [batch("relu", 30 + i, 3000, s) for i, s in enumerate((1.0, 2.0, 3.0, 4.0, 5.0))],
    [batch("constant", 40, 50, 1.0), batch("bell", 41, 3000, 1.0), batch("bell", 42, 3000, 2.0)],
    [batch("zero", 43, 50, 1.0), batch("relu", 44, 3000, 1.0)],
    [batch("uniform", 50 + i, 2000, 1.0 + 0.1 * i) for i in range(7)],
    [batch("infinite", 60 + i, 2000, 1.0 + 0.3 * i) for i in range(3)],
    [batch("bell", 70 + i, 8000, 2.0) for i in range(4)],
]
for batches in series:
    for reduce_range in (True, False):
        cases.append(observe("HISTOGRAM", "QUINT8", "PER_TENSOR_AFFINE", reduce_range, batches))
    if batches[0]["kind"] != "infinite":
        cases.append(observe("HISTOGRAM", "QUINT8", "PER_TENSOR_SYMMETRIC", False, batches))
        for kind in ("MIN_MAX", "MOVING_AVERAGE_MIN_MAX"):
            for dtype in ("QUINT8", "QINT8"):
                for scheme in ("PER_TENSOR_AFFINE", "PER_TENSOR_SYMMETRIC"):
                    reduced = dtype == "QUINT8" and scheme == "PER_TENSOR_AFFINE"  # PyTorch refuses the symmetric one
                    cases.append(observe(kind, dtype, scheme, reduced, batches))
for kind in ("PER_CHANNEL_MIN_MAX", "MOVING_AVERAGE_PER_CHANNEL_MIN_MAX"):
    for scheme in ("PER_CHANNEL_SYMMETRIC", "PER_CHANNEL_AFFINE"):
        for reduce_range in (False, True):
            cases.append(observe(kind, "QINT8", scheme, reduce_range, [batch("bell", 80, 1200, 1.0, 12)]))
            cases.append(observe(kind, "QINT8", scheme, reduce_range,
                                 [batch("bell", 81 + i, 600, 1.0 + i, 6) for i in range(3)]))


def checksum(levels):
    h = 17
    for v in levels:
        h = (31 * h + int(v)) & 0xFFFFFFFF
    return h


quantized = []
for z in list(range(0, 256, 15)) + [1, 63, 64, 127, 128, 129]:
    for scale in (0.0123, 0.5, 1.0, 3.7e-5, 0.1):
        # bell-shaped values over the type's range, and exact halves of a level, where rounding shows
        x = np.concatenate([numbers("bell", 1000 + z, 800, scale * 150),
                            (np.arange(-600, 600).astype(F) * F(0.5)) * F(scale)]).astype(F)
        q = torch.quantize_per_tensor(torch.from_numpy(x), scale, z, torch.quint8).int_repr().numpy()
        quantized.append({"scale": bits(F(scale)), "zeroPoint": z, "seed": 1000 + z, "sum": checksum(q)})
per_channel = []
for seed in range(20):
    x = numbers("bell", 2000 + seed, 960, 1.0).reshape(8, 120)
    s = (np.abs(x).max(1) / F(127.5)).astype(F)
    z = (np.arange(8) - 4) * (seed % 3)
    q = torch.quantize_per_channel(torch.from_numpy(x), torch.from_numpy(s).double(), torch.from_numpy(z), 0,
                                   torch.qint8)
    per_channel.append({"seed": 2000 + seed, "scales": [bits(v) for v in s], "zeroPoints": [int(v) for v in z],
                        "sum": checksum(q.int_repr().numpy().reshape(-1)),
                        "dequantized": checksum(q.dequantize().numpy().reshape(-1).view(np.int32))})
out = {"torch": torch.__version__, "observers": cases, "perTensor": quantized, "perChannel": per_channel}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
print(len(cases), "observer cases,", len(quantized) + len(per_channel), "quantize cases")
