"""Runs every written file over fresh pictures and over the sample images and writes accuracy.json
and the table in README.md.

    python verify.py --models ..
"""

import argparse
import json
import pathlib
import sys
import zipfile

import numpy as np
import onnxruntime
import torch

import preprocess
import render
from train import TEST_PER_CLASS, TEST_SEED, pictures

FOREIGN = [str(place).encode() for place in (pathlib.Path(__file__).resolve().parent, sys.prefix, pathlib.Path.home(), "site-packages")]


def sample_images(folder):
    names = sorted(p.name for p in folder.iterdir())
    assert names == render.CLASSES
    files = [(label, file) for label, name in enumerate(names) for file in sorted((folder / name).glob("*.jpg"))]
    return np.stack([preprocess.pixels(file.read_bytes()) for _, file in files]), np.array([label for label, _ in files])


def batches(x):
    for at in range(0, len(x), 128):
        yield preprocess.normalize(x[at:at + 128])


def logits_onnx(file, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(file, options)
    properties = session.get_modelmeta().custom_metadata_map
    check_metadata(properties["preprocessing"], properties["class_names"])
    return np.concatenate([session.run(None, {"x": b})[0] for b in batches(x)])


def logits_pt2(file, x):
    extra = {"preprocessing.json": "", "class_names.json": ""}
    program = torch.export.load(file, extra_files=extra).module()
    check_metadata(extra["preprocessing.json"], extra["class_names.json"])
    with torch.no_grad():
        return np.concatenate([program(torch.from_numpy(b)).numpy() for b in batches(x)])


def check_metadata(preprocessing, class_names):
    assert json.loads(preprocessing) == preprocess.PREPROCESSING and json.loads(class_names) == render.CLASSES


def check_paths(file):
    """No file may hold a path of the machine it was made on."""
    contents = [file.read_bytes()]
    if file.suffix == ".pt2":
        with zipfile.ZipFile(file) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
    for foreign in FOREIGN:
        assert not any(foreign in content for content in contents), (file, foreign)


def write_table(readme, results):
    """Replaces the table between the two marks."""
    rows = ["| File | Fresh pictures | `images/` | Size |", "| --- | --- | --- | --- |"]
    for name, r in sorted(results.items()):
        rows.append(f"| `{name}` | {r['fresh']:.1%} | {r['images']:.1%} | {r['bytes'] / 1e6:.2f} MB |")
    before, after = readme.read_text().split("<!-- accuracy -->")[::2]
    readme.write_text("<!-- accuracy -->".join([before, "\n" + "\n".join(rows) + "\n", after]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=pathlib.Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(2)
    fresh_x, fresh_y = pictures(TEST_SEED, TEST_PER_CLASS, preprocess.CROP)
    x, y = sample_images(args.models / "images")
    everything = np.concatenate([fresh_x, x])
    answers, results = {}, {}
    for file in sorted(args.models.glob("*.onnx")) + sorted(args.models.glob("*.pt2")):
        logits = (logits_onnx if file.suffix == ".onnx" else logits_pt2)(file, everything)
        check_paths(file)
        answers[file.name] = logits
        right = logits.argmax(1) == np.concatenate([fresh_y, y])
        results[file.name] = {"fresh": round(float(right[:len(fresh_y)].mean()), 4), "images": round(float(right[len(fresh_y):].mean()), 4),
                              "bytes": file.stat().st_size}
        print(file.name, results[file.name])
    pairs = [(n, n.replace(".onnx", ".pt2")) for n in answers if n.endswith(".onnx")] + [("not-quantizable.pt2", "quantizable.pt2")]
    for a, b in pairs:
        differing = int((answers[a].argmax(1) != answers[b].argmax(1)).sum())
        print(f"{a} and {b}: {differing} of {len(everything)} answers differ, logits by at most {np.abs(answers[a] - answers[b]).max():.2g}")
    report = {"fresh_pictures": len(fresh_y), "sample_images": len(y), "models": dict(sorted(results.items()))}
    (args.models / "accuracy.json").write_text(json.dumps(report, indent=2) + "\n")
    write_table(args.models / "README.md", report["models"])


if __name__ == "__main__":
    main()
