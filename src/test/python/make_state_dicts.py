"""Writes state dicts of full-size networks with random weights, and what PyTorch answers, for the reader's tests.

    python make_state_dicts.py full NET DIR      weights.*, answer.bin (float32), and of binarized layers LAYER.bin
    python make_state_dicts.py export NET DIR    a narrow net: weights.pth, and net.pt2, which torch.export names
"""
import pathlib
import sys

import safetensors.torch
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "resources/golden/checkpoint"))
import nets

FULL = {
    "alexnet": lambda: nets.AlexNet(),
    "vgg16": lambda: nets.Vgg(16, False),
    "resnet18": lambda: nets.ResNet(18),
    "resnet50": lambda: nets.ResNet(50),
    "xnor-alexnet": lambda: nets.XnorAlexNet(),
}
NARROW = {
    "alexnet": lambda: nets.AlexNet((4, 5, 6, 5, 4), 10, 5),
    "vgg16": lambda: nets.Vgg(16, True, (3, 4, 4, 5, 3), 8, 4),
    "resnet18": lambda: nets.ResNet(18, (3, 4, 5, 6), 3, 4),
    "resnet50": lambda: nets.ResNet(50, (2, 3, 3, 4), 3, 4),
    "xnor-alexnet": lambda: nets.XnorAlexNet((4, 6, 8, 8, 6), 16, 5),
}


def full(name, folder):
    net = nets.fill(FULL[name](), 1)
    state = net.state_dict()
    if name == "vgg16":
        state = {k: v.to(torch.bfloat16) for k, v in state.items()}
        net.load_state_dict({k: v.float() for k, v in state.items()})
        safetensors.torch.save_file(state, folder / "weights.safetensors")
    elif name == "xnor-alexnet":
        torch.save({"epoch": 1, "state_dict": state}, folder / "weights.pth", _use_new_zipfile_serialization=False)
        net.binarize()
        for path, module in net.named_modules():
            if path.endswith((".conv", ".linear")):
                module.weight.detach().numpy().tofile(folder / (path + ".bin"))
    else:
        torch.save(state, folder / "weights.pth")
    with torch.no_grad():
        net(nets.image(227 if name == "xnor-alexnet" else 224)).numpy().tofile(folder / "answer.bin")


def export(name, folder):
    net = nets.fill(NARROW[name](), 1)
    torch.save(net.state_dict(), folder / "weights.pth")
    if name == "xnor-alexnet":
        net.binarize()
    image = nets.image(227 if name == "xnor-alexnet" else 224)
    torch.export.save(torch.export.export(net, (image,)), folder / "net.pt2")


if __name__ == "__main__":
    {"full": full, "export": export}[sys.argv[1]](sys.argv[2], pathlib.Path(sys.argv[3]))
