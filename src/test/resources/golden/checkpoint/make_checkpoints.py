"""Small checkpoints in every form that is read, made by PyTorch 2.13, with PyTorch's answers in answers.json."""
import collections
import json
import pathlib

import numpy as np
import safetensors.torch
import torch

import nets

HERE = pathlib.Path(__file__).parent
ANSWERS = {}


def keep(name, net, side=224):
    with torch.no_grad():
        ANSWERS[name] = net(nets.image(side))[0].tolist()


def save(name, value, legacy=False, **options):
    torch.save(value, HERE / name, _use_new_zipfile_serialization=not legacy, **options)


def alexnet(seed=1):
    return nets.fill(nets.AlexNet((4, 5, 6, 5, 4), 10, 5), seed)


def cast(net, dtype):
    """The net's state dict in another type, and the net with what that type keeps of it."""
    state = {k: v.to(dtype) for k, v in net.state_dict().items()}
    net.load_state_dict({k: v.float() for k, v in state.items()})
    return state


def views(net):
    """One storage for all: transposed, with steps, out of order, and one tensor under two names."""
    state = collections.OrderedDict()
    classifier = net.state_dict()["classifier.4.weight"]
    net.state_dict()["classifier.4.bias"].copy_(net.state_dict()["classifier.1.bias"])
    flat = torch.cat([v.flatten() for v in reversed(net.state_dict().values())])
    at = flat.numel()
    for name, value in net.state_dict().items():
        at -= value.numel()
        state[name] = flat[at:at + value.numel()].view(value.shape)
    state["classifier.4.weight"] = classifier.t().contiguous().t()
    state["classifier.4.bias"] = state["classifier.1.bias"]
    pairs = torch.stack([net.state_dict()["classifier.6.bias"], torch.zeros(5)], 1)
    state["classifier.6.bias"] = pairs[:, 0]
    state["features.0.weight"] = state["features.0.weight"].to(memory_format=torch.channels_last)
    return state


def odds(net):
    """A training checkpoint with all that is harmless beside the weights, which are tensors with attributes."""
    weights = {k: torch.nn.Parameter(v.clone()) for k, v in net.state_dict().items()}
    weights["features.0.weight"].tag = "first"
    weights["features.0.bias"] = net.state_dict()["features.0.bias"].clone()
    weights["features.0.bias"].tag = "second"
    return {
        "net": weights, "size": torch.Size([1, 2]), "dtype": torch.float32, "set": {1, 2}, "frozen": frozenset({"a"}),
        "complex": 1j, "device": torch.device("cpu"), "defaultdict": collections.defaultdict(list, a=[1]),
        "scheduler": {"milestones": collections.Counter([10, 20])}, "rng": torch.get_rng_state()[:8].clone(), "bytes": b"abc",
        "bytearray": bytearray(b"abc"), "large": 2 ** 100, "numpy": [np.float64(1), np.int32(2)], "none": None,
        "nested": ((1, 2.5, "x"), [True]), "uint16": torch.ones(2, dtype=torch.uint16)}


def main():
    net = alexnet()
    for name in ("alexnet.pth", "alexnet-legacy.pth", "alexnet-protocol4.pth", "alexnet-parameters.pth", "alexnet.safetensors",
                 "alexnet.npz"):
        keep(name, net)
    save("alexnet.pth", net.state_dict())
    save("alexnet-legacy.pth", net.state_dict(), legacy=True)
    save("alexnet-protocol4.pth", net.state_dict(), pickle_protocol=4)
    save("alexnet-parameters.pth", dict(net.named_parameters()))
    safetensors.torch.save_file(net.state_dict(), HERE / "alexnet.safetensors",
                                {"format": "pt", "class_names": json.dumps(list("abcde"))})
    arrays = {k: v.numpy() for k, v in net.state_dict().items()}
    arrays["classifier.1.weight"] = np.asfortranarray(arrays["classifier.1.weight"])
    arrays["classifier.4.weight"] = arrays["classifier.4.weight"].astype(">f4")
    arrays["classifier.6.bias"] = arrays["classifier.6.bias"].astype("<f8")
    np.savez_compressed(HERE / "alexnet.npz", **arrays)

    for name, dtype in (("fp16", torch.float16), ("bf16", torch.bfloat16), ("fp64", torch.float64)):
        other = alexnet(2).double() if dtype == torch.float64 else alexnet(2)
        state = cast(other, dtype)
        save(f"alexnet-{name}.pth", state)
        keep(f"alexnet-{name}.pth", other.float())
    state = cast(other := alexnet(2), torch.bfloat16)
    safetensors.torch.save_file(state, HERE / "alexnet-bf16.safetensors")
    keep("alexnet-bf16.safetensors", other)

    other = alexnet(3)
    save("alexnet-views.pth", views(other))
    save("alexnet-views-legacy.pth", views(other), legacy=True)
    keep("alexnet-views.pth", other)
    keep("alexnet-views-legacy.pth", other)

    other = alexnet(10)
    optimizer = torch.optim.SGD(other.parameters(), lr=1e-4, momentum=0.9)
    other(nets.image(224)).sum().backward()
    optimizer.step()
    keep("alexnet-training.pth.tar", other)
    state = collections.OrderedDict((k.replace("features.", "features.module."), v) for k, v in other.state_dict().items())
    save("alexnet-training.pth.tar", {"epoch": 3, "arch": "alexnet", "state_dict": state, "best_prec1": torch.tensor(12.5),
                                      "best": np.float64(0.5), "optimizer": optimizer.state_dict(), "ema": None})

    save("alexnet-odds.pth", odds(net))
    save("alexnet-odds-protocol5.pth", odds(net), pickle_protocol=5)
    keep("alexnet-odds.pth", net)
    keep("alexnet-odds-protocol5.pth", net)

    vgg = nets.fill(nets.Vgg(11, False, (3, 4, 4, 5, 3), 8, 4), 4)
    save("vgg11-prefixed.pth", {"model": {"module." + k: v for k, v in vgg.state_dict().items()}})
    keep("vgg11-prefixed.pth", vgg)
    vgg = nets.fill(nets.Vgg(13, True, (3, 4, 4, 3, 3), 8, 4), 5)
    save("vgg13-bn-legacy.pth", vgg.state_dict(), legacy=True)
    keep("vgg13-bn-legacy.pth", vgg)
    resnet = nets.fill(nets.ResNet(18, (3, 4, 5, 6), 3, 4), 6)
    save("resnet18.pth", resnet.state_dict())
    keep("resnet18.pth", resnet)
    resnet = nets.fill(nets.ResNet(50, (2, 3, 3, 4), 3, 4), 7)
    safetensors.torch.save_file(resnet.state_dict(), HERE / "resnet50.safetensors")
    keep("resnet50.safetensors", resnet)
    resnet = nets.fill(nets.ResNet(50, (2, 2, 2, 2), 3, 4, groups=2, inner=2), 8)
    np.savez_compressed(HERE / "resnext50.npz", **{k: v.numpy() for k, v in resnet.state_dict().items()})
    keep("resnext50.npz", resnet)

    xnor = nets.fill(nets.XnorAlexNet((4, 6, 8, 8, 6), 16, 5), 9)
    state = collections.OrderedDict((k.replace("features.", "features.module."), v.clone())
                                    for k, v in xnor.state_dict().items() if not k.endswith("num_batches_tracked"))
    save("xnor-alexnet.pth.tar", {"epoch": 1, "arch": "alexnet", "state_dict": state, "best_prec1": torch.tensor(44.87)},
         legacy=True)
    xnor.binarize()
    keep("xnor-alexnet.pth.tar", xnor, 227)

    xnor = nets.fill(nets.XnorAlexNet((4, 6, 8, 8, 6), 16, 5), 11)
    xnor.features[6].conv.weight.data[1, :, 0, 2] = 0.5
    np.savez_compressed(HERE / "xnor-zeros.npz", **{k: v.numpy().copy() for k, v in xnor.state_dict().items()})
    xnor.binarize()
    keep("xnor-zeros.npz", xnor, 227)

    save("whole-module.pth", torch.nn.Sequential(torch.nn.Linear(2, 2)))
    save("resnet-for-small-images.pth", small_images().state_dict())
    (HERE / "answers.json").write_text(json.dumps(ANSWERS, indent=0))


def small_images():
    """What many keep for CIFAR: the first convolution is 3 x 3, and there is no layer4."""
    net = nets.ResNet(18, (3, 4, 5, 6), 3, 4)
    net.conv1 = torch.nn.Conv2d(3, 3, 3, padding=1, bias=False)
    del net.layer4
    return net


if __name__ == "__main__":
    main()
