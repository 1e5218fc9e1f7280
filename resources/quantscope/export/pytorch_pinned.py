class Pinned(@BASE@):
    """An observer that already knows its result."""

    def __init__(self, dtype, qscheme, scale, zero_point, quant_min, quant_max, ch_axis=0):
        super().__init__(dtype=dtype)
        self.qscheme = qscheme
        self.quant_min, self.quant_max = quant_min, quant_max
        self.ch_axis = ch_axis
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float32).reshape(-1))
        self.register_buffer("zero_point", torch.tensor(zero_point, dtype=torch.int64).reshape(-1))

    def forward(self, x):
        return x

    def calculate_qparams(self):
        return self.scale, self.zero_point
