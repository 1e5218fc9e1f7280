package quantscope.export.pytorch;

/** A class that the written file defines for itself, because torch.nn has none. */
enum Helper {
    SIGN("""
            class Sign(nn.Module):
                \"""-1 or +1, and for 0 what zero says.\"""

                def __init__(self, zero=0):
                    super().__init__()
                    self.zero = zero

                def forward(self, x):
                    return torch.sign(x) if self.zero == 0 else torch.where(x == 0, float(self.zero), torch.sign(x))
            """),
    CLAMP("""
            class Clamp(nn.Module):
                \"""min(max(x, low), high).\"""

                def __init__(self, low, high):
                    super().__init__()
                    self.low, self.high = low, high

                def forward(self, x):
                    return torch.clamp(x, self.low, self.high)
            """),
    PAD("""
            class Pad(nn.Module):
                \"""Constant padding, (left, right, top, bottom), for the sides that a layer cannot pad unevenly.\"""

                def __init__(self, pad, value):
                    super().__init__()
                    self.pad, self.value = pad, value

                def forward(self, x):
                    return nn.functional.pad(x, self.pad, value=self.value)
            """),
    BINARY_CONV("""
            class BinaryConv2d(nn.Module):
                \"""sign(x), a convolution with weights -1 and +1, which is exact in integers, then alpha and bias.

                Padding is (top, left, bottom, right), of zeros behind the sign; zero is what sign(0) gives.
                \"""

                def __init__(self, channels_in, channels_out, kernel, stride=1, padding=(0, 0, 0, 0), dilation=1,
                             groups=1, zero=0):
                    super().__init__()
                    self.register_buffer("weight", torch.ones(channels_out, channels_in // groups, *kernel))
                    self.register_buffer("alpha", torch.ones(channels_out))
                    self.register_buffer("bias", torch.zeros(channels_out))
                    self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
                    self.zero = zero

                def forward(self, x):
                    sign = torch.sign(x) if self.zero == 0 else torch.where(x == 0, float(self.zero), torch.sign(x))
                    top, left, bottom, right = self.padding
                    sign = nn.functional.pad(sign, (left, right, top, bottom))
                    dots = nn.functional.conv2d(sign, self.weight, None, self.stride, 0, self.dilation, self.groups)
                    return dots * self.alpha.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)
            """),
    BINARY_LINEAR("""
            class BinaryLinear(nn.Module):
                \"""sign(x), a linear layer with weights -1 and +1, which is exact in integers, then alpha and bias.\"""

                def __init__(self, features_in, features_out, zero=0):
                    super().__init__()
                    self.register_buffer("weight", torch.ones(features_out, features_in))
                    self.register_buffer("alpha", torch.ones(features_out))
                    self.register_buffer("bias", torch.zeros(features_out))
                    self.zero = zero

                def forward(self, x):
                    sign = torch.sign(x) if self.zero == 0 else torch.where(x == 0, float(self.zero), torch.sign(x))
                    return nn.functional.linear(sign, self.weight) * self.alpha + self.bias
            """),
    ALONG_AXES("""
            class AlongAxes(nn.Module):
                \"""A product with a matrix [out, in] along each of some axes, then a sum.\"""

                def __init__(self, shapes, added=None):
                    super().__init__()
                    self.axes = list(shapes)
                    for axis, shape in shapes.items():
                        self.register_buffer(f"matrix_{axis}", torch.zeros(shape))
                    self.register_buffer("added", None if added is None else torch.zeros(added))

                def forward(self, x):
                    for axis in self.axes:
                        x = (x.movedim(axis, -1) @ getattr(self, f"matrix_{axis}").t()).movedim(-1, axis)
                    return x if self.added is None else x + self.added
            """),
    LP_POOL("""
            class LPPool2d(AlongAxes):
                \"""Root of the sum of |x|^order over windows.\"""

                def __init__(self, order, shapes):
                    super().__init__(shapes)
                    self.order = order

                def forward(self, x):
                    return super().forward(x.abs() ** self.order) ** (1 / self.order)
            """),
    BIASED_RMS_NORM("""
            class BiasedRMSNorm(nn.RMSNorm):
                \"""RMSNorm with a bias.\"""

                def __init__(self, shape, eps):
                    super().__init__(shape, eps=eps)
                    self.register_buffer("bias", torch.zeros(shape))

                def forward(self, x):
                    return super().forward(x) + self.bias
            """);

    private final String code;

    Helper(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}
