"""Archives of many operators in a few small networks, with PyTorch's answers: one folder a case beside this file.

Where a case has several results they are joined, so that each is compared. Cases that end in -core are the same networks
after run_decompositions(), in the core ATen operators. The programs' JSON is deflated, to keep the files small.
"""
import zipfile

import torch
import torch.nn.functional as F
from torch import nn

from make_models import HERE, case


def deflate(path):
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content,
                             zipfile.ZIP_DEFLATED if "/models/" in name else zipfile.ZIP_STORED)


def joined(values):
    return torch.cat([v.flatten(1) for v in values], 1)


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 5, stride=3)
        self.layers = nn.ModuleList([
            nn.Hardswish(), nn.Hardsigmoid(), nn.SiLU(), nn.Mish(), nn.GELU(), nn.GELU(approximate="tanh"), nn.ELU(0.7),
            nn.SELU(), nn.CELU(1.3), nn.PReLU(), nn.PReLU(4), nn.Softplus(), nn.Softplus(beta=2, threshold=3),
            nn.Softsign(), nn.Tanh(), nn.ReLU6(), nn.Hardtanh(-0.4, 0.6), nn.LogSigmoid(), nn.Softshrink(0.3),
            nn.Hardshrink(0.2), nn.Tanhshrink(), nn.Threshold(0.1, 0.0), nn.Threshold(0.1, -2.0), nn.RReLU(), nn.GLU(1),
            nn.LeakyReLU(0.3), nn.Softmin(1), nn.Softmax2d(), nn.Identity(), nn.Sigmoid(), nn.ReLU()])
        nn.init.uniform_(self.layers[10].weight, -0.5, 0.5)

    def forward(self, x):
        x = self.conv(x) * 3
        return joined([layer(x) for layer in self.layers])


class Elementwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 5, stride=3)
        self.conv2 = nn.Conv2d(3, 4, 5, stride=3)
        self.register_buffer("scale", torch.rand(4, 1, 1) + 0.5)

    def forward(self, x):
        a, b = self.conv(x), self.conv2(x)
        p = a.abs() + 0.25
        return joined([
            a - b, a / p, a - 0.5, 0.5 - a, 1 / p, self.scale / p, torch.add(a, b, alpha=0.5), torch.sub(a, b, alpha=2),
            a.pow(2), a ** 3, p.pow(0.5), p ** b, 2 ** a, p.sqrt(), p.rsqrt(), p.reciprocal(), p.log(), a.exp(), -a,
            a.square(), a.floor(), a.ceil(), a.round(), a.erf(), a.sin(), a.cos(), a.tanh(), a.expm1(), p.log1p(), p.log2(),
            torch.minimum(a, b), torch.maximum(a, b), torch.where(a > b, a, b), torch.where(a > 0, a, a * 0.1),
            torch.where(a <= 0.1, 1.0, -1.0), (a >= b).float(), (a < 0.2).to(torch.float32) * b, a.clamp(-0.3, 0.4),
            a.clamp(min=0.1), a.clamp(max=0.1), a.clamp_min(-0.1), a.fmod(0.7), a.remainder(0.7), torch.max(a, b),
            a.masked_fill(a < 0, 0.25), torch.addcmul(a, b, p, value=0.5), torch.addcdiv(a, b, p), a.lerp(b, 0.3),
            (a * 1.5).trunc(), a.sign() * b, torch.logical_and(a > 0, b > 0).float(), (~(a > 0)).float(), a.ne(b).float(),
            torch.atan(a), torch.sinh(a), torch.cosh(a), torch.rsub(a, b), a.new_ones(1) * a, torch.full_like(a, 2.0) * b,
            torch.ones_like(a) - a, F.normalize(a, dim=1)])


class Pooling(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([
            nn.MaxPool2d(3, 2, padding=1, dilation=2, ceil_mode=True), nn.MaxPool2d((2, 3), stride=(1, 2)),
            nn.AvgPool2d(3, 2, padding=1, ceil_mode=True), nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
            nn.AvgPool2d((2, 3), divisor_override=4), nn.AdaptiveAvgPool2d((5, None)), nn.AdaptiveAvgPool2d(1),
            nn.AdaptiveMaxPool2d((3, 5)), nn.AdaptiveMaxPool2d(1), nn.LPPool2d(2, 3, stride=2), nn.LPPool2d(1, 2)])

    def forward(self, x):
        indexed, _ = F.max_pool2d(x, 2, return_indices=True)
        return joined([layer(x) for layer in self.layers] + [indexed, F.avg_pool1d(x.flatten(2), 6),
                                                              F.max_pool1d(x.flatten(2), 5, 3, padding=2),
                                                              F.adaptive_avg_pool1d(x.flatten(2), 7)])


class Normalization(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, stride=2)
        self.layers = nn.ModuleList([
            nn.InstanceNorm2d(6), nn.InstanceNorm2d(6, affine=True, eps=1e-3), nn.GroupNorm(3, 6), nn.GroupNorm(1, 6),
            nn.GroupNorm(6, 6, affine=False), nn.LayerNorm([6, 5, 5]), nn.LayerNorm(5, elementwise_affine=False),
            nn.LocalResponseNorm(3), nn.BatchNorm2d(6, affine=False), nn.BatchNorm2d(6), nn.RMSNorm([5, 5])])
        for layer in self.layers:
            if getattr(layer, "weight", None) is not None:
                nn.init.uniform_(layer.weight, 0.5, 1.5)
            if getattr(layer, "bias", None) is not None:
                nn.init.uniform_(layer.bias, -0.5, 0.5)

    def forward(self, x):
        x = self.conv(x)
        channels_last = F.layer_norm(x.permute(0, 2, 3, 1), (6,)).permute(0, 3, 1, 2)
        return joined([layer(x) for layer in self.layers] + [channels_last])


class Shapes(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2)
        self.shuffle = nn.ChannelShuffle(4)
        self.pads = nn.ModuleList([nn.ReflectionPad2d((1, 2, 0, 1)), nn.ReplicationPad2d(1), nn.ZeroPad2d((0, 1, 2, 0)),
                                   nn.ConstantPad2d(1, 0.5), nn.CircularPad2d((1, 1, 2, 0)), nn.ZeroPad2d(-1)])
        self.register_buffer("order", torch.tensor([3, 0, 0, 7]))

    def forward(self, x):
        x = self.conv(x)
        n, c, h, w = x.shape
        first, second = x.chunk(2, 1)
        three = torch.split(x, [1, 3, 4], dim=1)
        shuffled = x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
        return joined([pad(x) for pad in self.pads] + [
            x.permute(0, 2, 3, 1), x.transpose(1, 3), x[:, 1:7:2], x[..., 1:-1, ::2], x[:, 2], x.select(3, -1), first, second,
            three[2], three[0], torch.split(x, 3, 1)[2], torch.stack([first, second], 2), torch.stack([first, second], 1),
            x.unbind(1)[3], self.shuffle(x), shuffled, F.pixel_shuffle(x, 2), F.pixel_unshuffle(x[:, :, :4, :4], 2), x.flip(3),
            x.flip([2, 3]), x.repeat(1, 2, 1, 1), x.tile(1, 1, 2, 1), x.narrow(2, 1, 3), x.roll(2, 3),
            x.unsqueeze(1).expand(-1, 3, -1, -1, -1), x.index_select(1, self.order), x[:, [1, 5]], x.unflatten(1, (4, 2)),
            x.movedim(1, -1), x.unsqueeze(2).squeeze(2), x[:, None], F.pad(x, (1, -1)), x.mT, x.swapaxes(2, 3),
            x.reshape(n, c, -1), x.flatten(2).unsqueeze(-1), torch.cat([x, x[:, :2]], 1), x.repeat_interleave(2, 1),
            torch.cat([x.new_zeros(x.size(0), 1, h, w), x], 1), x.diff(dim=3), torch.hstack([first, second])])


class Resized(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, stride=2)
        self.up = nn.Upsample(scale_factor=2)
        self.bilinear = nn.Upsample(scale_factor=1.5, mode="bilinear", align_corners=False)

    def forward(self, x):
        x = self.conv(x)
        return joined([self.up(x), self.bilinear(x), F.interpolate(x, (7, 9)), F.interpolate(x, (4, 3), mode="nearest"),
                       F.interpolate(x, (8, 11), mode="bilinear", align_corners=True),
                       F.interpolate(x, (8, 11), mode="bilinear"), F.interpolate(x, (3, 4), mode="bilinear"),
                       F.interpolate(x, size=(8, 6), mode="bicubic"),
                       F.interpolate(x, size=(8, 6), mode="bicubic", align_corners=True),
                       F.interpolate(x, scale_factor=(1.6, 0.7)), F.interpolate(x, size=(7, 8), mode="nearest-exact"),
                       F.interpolate(x, scale_factor=2, mode="bilinear"), F.interpolate(x, size=(7, 8), mode="area")])


class Reductions(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, stride=2)

    def forward(self, x):
        x = self.conv(x)
        return joined([x.mean(1), x.mean((2, 3)), x.mean([-1], keepdim=True), x.sum(1, keepdim=True), x.sum((1, 2)),
                       x.amax(1), x.amax((2, 3), keepdim=True), x.amin((2, 3)), x.prod(3), x.norm(dim=1), x.norm(1, dim=(2, 3)),
                       x.max(1)[0], x.min(dim=3, keepdim=True).values, x.logsumexp(1), x.var(dim=(2, 3)),
                       x.var(dim=1, unbiased=False), x.std(dim=(2, 3)), x.abs().mean((1, 2, 3), keepdim=True)])


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.same = nn.Conv2d(3, 4, (4, 3), padding="same", dilation=(1, 2))
        self.valid = nn.Conv2d(3, 4, 3, padding="valid")
        self.reflect = nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect")
        self.replicate = nn.Conv2d(3, 4, 3, padding=2, padding_mode="replicate", groups=1)
        self.circular = nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular")
        self.zeros = nn.Conv2d(3, 6, (1, 3), stride=(2, 3), padding=(0, 1), dilation=(1, 2), groups=3, bias=False)
        self.up = nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2)
        self.up2 = nn.ConvTranspose2d(6, 3, (2, 3), stride=(2, 1), dilation=(1, 2), bias=False)
        self.line = nn.Conv1d(3, 5, 3, stride=2, padding=1)
        self.same1 = nn.Conv1d(3, 3, 4, padding="same", groups=3)
        self.up1 = nn.ConvTranspose1d(5, 2, 3, stride=2)
        self.fc = nn.Linear(12, 4)

    def forward(self, x):
        z = self.zeros(x)
        line = self.line(x.flatten(2))
        return joined([self.same(x), self.valid(x), self.reflect(x), self.replicate(x), self.circular(x), z, self.up(z),
                       self.up2(z), line, self.same1(x.flatten(2)), self.up1(line), self.fc(x), x @ self.fc.weight.t(),
                       x @ x.transpose(2, 3), torch.bmm(x[:, 0], x[:, 1]),
                       torch.matmul(F.softmax(x[:, 0] @ x[:, 1].mT, -1), x[:, 2])])


if __name__ == "__main__":
    for name, net in [("activations", Activations), ("elementwise", Elementwise), ("pooling", Pooling),
                      ("normalization", Normalization), ("shapes", Shapes), ("resized", Resized),
                      ("reductions", Reductions), ("convolutions", Convolutions)]:
        for suffix in ("", "-core"):
            torch.manual_seed(len(name))
            case("op-" + name + suffix, net(), decompose=bool(suffix), dynamic=name not in ("shapes",),
                 batch=2 if name != "shapes" else 1)
            deflate(HERE / ("op-" + name + suffix) / "model.pt2")
