"""Makes everything in sample-models/: the images, the trained networks, both file formats and accuracy.json.

    python make.py [--quick]
"""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent


def step(script, *arguments, threads=2):
    print("==", script, *arguments, flush=True)
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    subprocess.run([sys.executable, HERE / script, *arguments], check=True, env=environment)


def main():
    quick = ["--quick"] if "--quick" in sys.argv[1:] else []
    step("render.py", "--out", str(MODELS / "images"), "--per-class", "30", "--seed", "7", threads=1)
    step("train.py", *quick)
    step("export.py", "--out", str(MODELS))
    step("verify.py", "--models", str(MODELS))


if __name__ == "__main__":
    main()
