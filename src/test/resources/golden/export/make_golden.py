"""Makes levels.json and first.bin: conv1's int8 output under PyTorch, from a file that the program exported.

Run in the repository, with the program packaged and a Python that has PyTorch 2.13, NumPy and Pillow:

    model=sample-models/alexnet-xnor.pt2; golden=src/test/resources/golden/export
    target/quantscope/bin/quantscope calibrate $model --images sample-models/images --int8 conv1 --fuse \\
        --limit 64 --out $golden/config.json
    target/quantscope/bin/quantscope export $model --config $golden/config.json --to pytorch --out /tmp/net.py
    python $golden/make_golden.py /tmp/net.py

levels.json has the CRC-32 of the levels [1,C,H,W] of twenty images, first.bin all levels of the first of them.
"""
import importlib.util
import json
import pathlib
import sys
import zlib

import torch

IMAGES = pathlib.Path("sample-models/images")


def main(file):
    spec = importlib.util.spec_from_file_location("exported", file)
    exported = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(exported)
    net = exported.build_int8()
    levels = []
    exported.find(net, "conv1").register_forward_hook(lambda module, inputs, output: levels.append(output.int_repr()))
    files = sorted(IMAGES.rglob("*.jpg"))[::15]
    with torch.no_grad():
        for image in files:
            net(exported.preprocess(image))
    names = [image.relative_to(IMAGES).as_posix() for image in files]
    crcs = {name: zlib.crc32(level.contiguous().numpy().tobytes()) for name, level in zip(names, levels)}
    here = pathlib.Path(__file__).parent
    (here / "first.bin").write_bytes(levels[0].contiguous().numpy().tobytes())
    (here / "levels.json").write_text(json.dumps(
        {"torch": torch.__version__, "shape": list(levels[0].shape), "crc32": crcs}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
