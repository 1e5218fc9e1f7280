"""Trains the sample networks on freshly rendered pictures and keeps their parameters in work/.

    python train.py [--quick] [name ...]
"""

import argparse
import math
import pathlib
import time
from multiprocessing import Pool

import numpy as np
import torch
from torch.nn import functional as F

import preprocess
import render
from models import MODELS

WORK = pathlib.Path(__file__).resolve().parent / "work"
TRAINING_SEED, TEST_SEED = 1, 2
TRAINING_PER_CLASS, TEST_PER_CLASS = 2000, 100
BATCH = 128
EPOCHS = {"alexnet-xnor": 20, "alexnet": 8, "residual": 5, "not-quantizable": 6}
RATE = {"alexnet-xnor": 2e-3, "alexnet": 1e-3, "residual": 3e-3, "not-quantizable": 3e-3}
COPIES = {"quantizable": "not-quantizable"}      # the mended form computes the same function: it takes the same parameters


def _picture(task):
    name, seed, number, side = task
    return preprocess.pixels(render.sample(name, seed, number), side)


def pictures(seed, per_class, side):
    """Pictures [N, side, side, 3] and labels, rendered once and then read from work/."""
    file = WORK / f"pictures-{seed}-{per_class}-{side}.npz"
    if not file.exists():
        tasks = [(name, seed, number, side) for name in render.CLASSES for number in range(per_class)]
        with Pool(2) as pool:
            x = np.stack(pool.map(_picture, tasks, chunksize=50))
        WORK.mkdir(exist_ok=True)
        np.savez(file, x=x, y=np.repeat(np.arange(len(render.CLASSES)), per_class))
    loaded = np.load(file)
    return loaded["x"], loaded["y"]


def augment(batch, rng):
    """A random crop and, every other time, a mirror image."""
    room = batch.shape[1] - preprocess.CROP + 1
    out = np.empty((len(batch), preprocess.CROP, preprocess.CROP, 3), np.uint8)
    for i, image in enumerate(batch):
        top, left = rng.integers(room, size=2)
        image = image[top:top + preprocess.CROP, left:left + preprocess.CROP]
        out[i] = image[:, ::-1] if rng.random() < 0.5 else image
    return out


def tensor(batch):
    return torch.from_numpy(preprocess.normalize(batch)).contiguous(memory_format=torch.channels_last)


def accuracy(model, x, y):
    model.eval()
    right = 0
    with torch.no_grad():
        for at in range(0, len(x), 250):
            right += int((model(tensor(x[at:at + 250])).argmax(1).numpy() == y[at:at + 250]).sum())
    return right / len(x)


def train(name, epochs):
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    x, y = pictures(TRAINING_SEED, TRAINING_PER_CLASS, preprocess.RESIZE)
    test_x, test_y = pictures(TEST_SEED, TEST_PER_CLASS, preprocess.CROP)
    model = MODELS[name]().to(memory_format=torch.channels_last)
    xnor = name == "alexnet-xnor"
    optimizer = torch.optim.AdamW(model.parameters(), RATE[name], weight_decay=0.0 if xnor else 0.02)
    steps = len(x) // BATCH * epochs
    step = 0
    start = time.time()
    for epoch in range(epochs):
        model.train()
        total = 0.0
        order = rng.permutation(len(x))
        for at in range(0, len(x) - BATCH + 1, BATCH):
            rate = RATE[name] * min(1, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * step / steps))
            for group in optimizer.param_groups:
                group["lr"] = rate
            chosen = order[at:at + BATCH]
            inputs, labels = tensor(augment(x[chosen], rng)), torch.from_numpy(y[chosen])
            with torch.autocast("cpu", torch.bfloat16, enabled=epoch < epochs - 1):
                logits = model(inputs)
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
            step += 1
        print(f"{name} epoch {epoch + 1}/{epochs} loss {total / (len(x) // BATCH):.3f} "
              f"test {accuracy(model, test_x, test_y):.3f} {time.time() - start:.0f} s", flush=True)
    if xnor:
        with torch.no_grad():
            for parameter in model.parameters():        # a latent weight of exactly 0 has no sign
                parameter[parameter == 0] = 1e-8
    torch.save({k: v.contiguous() for k, v in model.state_dict().items()}, WORK / f"{name}.pt")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--quick", action="store_true", help="one epoch each")
    args = parser.parse_args()
    torch.set_num_threads(2)
    for name in args.names or EPOCHS:
        train(name, 1 if args.quick else EPOCHS[name])


if __name__ == "__main__":
    main()
