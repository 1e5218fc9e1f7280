package quantscope.export.pytorch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.Op;

/** What a model may call for a layer that is no module of its own; the kinds are those of the written file's CALLS. */
final class FxFunctions {

    private static final String F = "torch.nn.functional.";
    /** FX tells methods of a tensor apart by no order, so those are not here. */
    private static final Map<String, List<String>> FUNCTIONS = Map.ofEntries(
            Map.entry("add", List.of("operator.add", "torch.add")),
            Map.entry("mul", List.of("operator.mul", "torch.mul")),
            Map.entry("cat", List.of("torch.cat")),
            Map.entry("relu", List.of(F + "relu", "torch.relu")),
            Map.entry("hardtanh", List.of(F + "hardtanh", F + "relu6", "torch.clamp")),
            Map.entry("leaky_relu", List.of(F + "leaky_relu")),
            Map.entry("sigmoid", List.of("torch.sigmoid")),
            Map.entry("max_pool2d", List.of(F + "max_pool2d")),
            Map.entry("avg_pool2d", List.of(F + "avg_pool2d")),
            Map.entry("adaptive_avg_pool2d", List.of(F + "adaptive_avg_pool2d")),
            Map.entry("flatten", List.of("torch.flatten")),
            Map.entry("reshape", List.of("torch.reshape")),
            Map.entry("dropout", List.of(F + "dropout")),
            Map.entry("softmax", List.of(F + "softmax")),
            Map.entry("log_softmax", List.of(F + "log_softmax")));

    private FxFunctions() { }

    /** Empty for what is never called as a function, or has no single function. */
    static Optional<String> kind(Op op) {
        return Optional.ofNullable(switch (op) {
            case Op.Add _ -> "add";
            case Op.Mul _ -> "mul";
            case Op.Concat _ -> "cat";
            case Op.Relu _ -> "relu";
            case Op.Clip _ -> "hardtanh";
            case Op.LeakyRelu _ -> "leaky_relu";
            case Op.Sigmoid _ -> "sigmoid";
            case Op.MaxPool2d _ -> "max_pool2d";
            case Op.AvgPool2d _ -> "avg_pool2d";
            case Op.AdaptiveAvgPool2d _ -> "adaptive_avg_pool2d";
            case Op.Flatten _ -> "flatten";
            case Op.Reshape _ -> "reshape";
            case Op.Dropout _ -> "dropout";
            case Op.Softmax _ -> "softmax";
            case Op.LogSoftmax _ -> "log_softmax";
            default -> null;
        });
    }

    /** Their names as QConfigMapping's object types. */
    static List<String> of(String kind) {
        return FUNCTIONS.get(kind);
    }
}
