package quantscope.format.architecture;

/** What a layer of an architecture is, with what its weights do not say. */
sealed interface Part {

    /** The module's class in PyTorch, or the function's name. */
    String className();

    /**
     * @param width   output channels in the original; a file's own are taken
     * @param grouped whether the groups follow from the weight's shape, else there is one
     * @param latent  whether the weights are those before binarization, and a sign stands before the layer
     */
    record Conv(int width, int kernel, int stride, int padding, boolean bias, boolean grouped, boolean latent)
            implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.conv.Conv2d";
        }
    }

    /**
     * @param width  outputs in the original, 0 for the number of classes, which is anyone's choice
     * @param latent as in {@link Conv}
     */
    record Linear(int width, boolean latent) implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.linear.Linear";
        }
    }

    /** @param image whether it stands between [N,C,H,W] values, else [N,F] */
    record BatchNorm(double eps, boolean image) implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.batchnorm.BatchNorm" + (image ? "2d" : "1d");
        }
    }

    /** Always in place in these architectures. */
    record Relu() implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.activation.ReLU";
        }
    }

    record MaxPool(int kernel, int stride, int padding) implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.pooling.MaxPool2d";
        }
    }

    /** Adaptive average pooling to side x side. */
    record AvgPool(int side) implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.pooling.AdaptiveAvgPool2d";
        }
    }

    record Dropout() implements Part {
        @Override
        public String className() {
            return "torch.nn.modules.dropout.Dropout";
        }
    }

    /**
     * @param side     the image's before it, so that there are side * side values of each channel
     * @param function that forward calls
     */
    record Flatten(int side, String function) implements Part {
        @Override
        public String className() {
            return function;
        }
    }

    /** The sum of two layers, in place. */
    record Add() implements Part {
        @Override
        public String className() {
            return "operator.iadd";
        }
    }

    record Sign() implements Part {
        @Override
        public String className() {
            return "torch.sign";
        }
    }
}
