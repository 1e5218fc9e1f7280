package quantscope.ptq;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import quantscope.graph.Graph;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;

/**
 * Judges a model by the rules of eager-mode quantization: a layer is quantizable where it is a module, used once and
 * not in-place, where add, mul and cat go through FloatFunctional, and where PyTorch has an int8 kernel.
 */
public final class Quantizability {

    private final Graph graph;
    private final Specification specification;
    private final SharedModules shared;
    private final FusableLayers fusable;

    Quantizability(Graph graph, Specification specification) {
        this.graph = graph;
        this.specification = specification;
        this.shared = new SharedModules(graph);
        this.fusable = new FusableLayers(graph, specification, shared);
    }

    /** All obstacles that the specification has not mended, in the graph's order. */
    public static List<Obstacle> obstacles(Graph graph, Specification specification) {
        return new Quantizability(graph, specification).obstacles();
    }

    List<Obstacle> obstacles() {
        List<Obstacle> found = new ArrayList<>();
        for (Node node : graph.layers()) {
            judge(node, found);
        }
        return found;
    }

    FusableLayers fusable() {
        return fusable;
    }

    /** Whether an arithmetic layer is no FloatFunctional: files without modules cannot say that it is one. */
    static boolean functionalArithmetic(Node node) {
        return node.origin().functional() || node.origin().module().isEmpty();
    }

    private void judge(Node node, List<Obstacle> found) {
        if (node.op() instanceof Op.Unsupported u) {
            found.add(new Obstacle(ObstacleKind.UNSUPPORTED_OPERATOR, node.name(), true,
                    node.name() + " (" + node.op().kind() + "): " + u.reason() + (u.reason().endsWith(".") ? "" : ".")
                            + " The model is shown but cannot run.", node.origin().source(), Optional.empty()));
            return;
        }
        if (Int8Support.isInt8(node) || node.op() instanceof Op.DeQuantStub
                || Int8Support.isBinary(node) && chosen(node) != Precision.INT8) {
            return;
        }
        if (Int8Support.of(node) == Int8Support.NONE && !Int8Support.isBinary(node)) {
            found.add(new Obstacle(ObstacleKind.NO_INT8_KERNEL, node.name(), false, kindOf(node)
                    + " has no int8 kernel in PyTorch: it stays fp32, and int8 neighbours get stubs.",
                    node.origin().source(), Optional.empty()));
            return;
        }
        usedTwice(node, found);
        inPlace(node, found);
        functional(node, found);
        notFused(node, found);
    }

    private Precision chosen(Node node) {
        return specification.choice(node.name()).precision()
                .orElse(Int8Support.isBinary(node) ? Precision.BINARY : Precision.FP32);
    }

    private static String kindOf(Node node) {
        return node.op() instanceof Op.BatchNorm2d ? "BatchNorm1d" : node.op().kind();
    }

    private void usedTwice(Node node, List<Obstacle> found) {
        List<String> sharing = stateless(node.op()) ? List.of() : shared.sharing(node.name(), specification);
        if (sharing.isEmpty()) {
            return;
        }
        String module = node.origin().module().map(ModuleUse::path).filter(p -> !p.isEmpty()).orElse(sharing.getFirst());
        found.add(blocking(ObstacleKind.MODULE_USED_TWICE, node, "Module " + module + " (" + node.op().kind()
                + ") is called " + sharing.size() + " times, as " + String.join(", ", sharing)
                + ": eager mode fuses a module at one place and keeps one scale and zero point for it, so each call "
                + "needs a module of its own.", FixKind.MAKE_UNIQUE));
    }

    private void inPlace(Node node, List<Obstacle> found) {
        boolean arithmetic = isArithmetic(node.op());
        if (!node.origin().inPlace() || stateless(node.op()) || mended(FixKind.MAKE_OUT_OF_PLACE, node)
                || (arithmetic && mended(FixKind.USE_FLOAT_FUNCTIONAL, node))
                || (!arithmetic && mended(FixKind.MAKE_MODULE, node)) || fusedAway(node)) {
            return;
        }
        found.add(blocking(ObstacleKind.IN_PLACE, node, node.op().kind() + " overwrites its input ("
                + (arithmetic ? "an in-place operator such as +=" : "inplace=True")
                + "): the value that an observer or another branch reads is gone.", FixKind.MAKE_OUT_OF_PLACE));
    }

    /** Fused layers are one module, in which nobody else reads what the ReLU overwrites. */
    private boolean fusedAway(Node node) {
        return graph.layers().stream().filter(fusable::chosen).anyMatch(n -> fusable.behind(n).contains(node));
    }

    private void functional(Node node, List<Obstacle> found) {
        if (isArithmetic(node.op())) {
            if (functionalArithmetic(node) && !mended(FixKind.USE_FLOAT_FUNCTIONAL, node)) {
                found.add(blocking(ObstacleKind.FUNCTIONAL_ARITHMETIC, node, arithmetic(node)
                        + ": eager mode needs a FloatFunctional there, whose observer finds the scale and zero point "
                        + "of the result.", FixKind.USE_FLOAT_FUNCTIONAL));
            }
            return;
        }
        if (!node.origin().functional() || stateless(node.op()) || mended(FixKind.MAKE_MODULE, node)) {
            return;
        }
        boolean keeps = Int8Support.of(node) == Int8Support.KEEPS_PARAMETERS;
        found.add(new Obstacle(ObstacleKind.FUNCTIONAL_CALL, node.name(), !keeps, node.op().kind()
                + " is called as a function in forward, not as a module: "
                + (keeps ? "it runs in int8, but fuse_modules cannot fuse it."
                        : "convert has no module to replace by an int8 one."),
                node.origin().source(), Optional.of(new Fix(FixKind.MAKE_MODULE, node.name()))));
    }

    private static String arithmetic(Node node) {
        String written = switch (node.op()) {
            case Op.Add a -> "x + y";
            case Op.Mul m -> "x * y";
            default -> "torch.cat";
        };
        return node.origin().functional() ? written + " is a function without a module"
                : written + " has no module in this file";
    }

    private void notFused(Node node, List<Obstacle> found) {
        List<Node> behind = fusable.behind(node);
        if (behind.isEmpty() || mended(FixKind.FUSE, node)) {
            return;
        }
        String names = behind.stream().map(Node::name).collect(Collectors.joining(" and "));
        found.add(new Obstacle(ObstacleKind.NOT_FUSED, node.name(), false, names
                + (behind.size() == 1 ? " is" : " are") + " not fused into " + node.name()
                + ": int8 rounds between the layers, which costs accuracy and speed.",
                node.origin().source(), Optional.of(new Fix(FixKind.FUSE, node.name()))));
    }

    private static boolean isArithmetic(Op op) {
        return op instanceof Op.Add || op instanceof Op.Mul || op instanceof Op.Concat;
    }

    /** Layers that hold nothing and are never observed or fused: calling them often, or as functions, does no harm. */
    private static boolean stateless(Op op) {
        return switch (op) {
            case Op.MaxPool2d p -> true;
            case Op.AvgPool2d p -> true;
            case Op.AdaptiveAvgPool2d p -> true;
            case Op.Flatten f -> true;
            case Op.Reshape r -> true;
            case Op.Dropout d -> true;
            case Op.Identity i -> true;
            default -> false;
        };
    }

    private boolean mended(FixKind kind, Node node) {
        return specification.fixes().contains(new Fix(kind, node.name()));
    }

    private static Obstacle blocking(ObstacleKind kind, Node node, String sentence, FixKind fix) {
        return new Obstacle(kind, node.name(), true, sentence, node.origin().source(),
                Optional.of(new Fix(fix, node.name())));
    }
}
