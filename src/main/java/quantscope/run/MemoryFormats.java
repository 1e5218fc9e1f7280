package quantscope.run;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import quantscope.graph.Node;
import quantscope.graph.Op;

/**
 * Which values PyTorch would hold in channels-last order. Nothing here is stored that way, but a few of PyTorch's
 * int8 kernels round ties differently for the two orders: quantized convolution and batch norm give channels-last,
 * joining keeps it where all inputs have it, softmax and changes of shape lose it, the rest keep their first input's.
 */
final class MemoryFormats {

    private final Set<String> channelsLast = new HashSet<>();

    /** Takes note of a node whose inputs were noted before. */
    void note(Node node, List<Node> in) {
        boolean last = switch (node.op()) {
            case Op.QuantizedConv2d q -> true;
            case Op.QuantizedBatchNorm2d q -> true;
            case Op.Concat c -> areChannelsLast(in);
            case Op.QuantizedConcat q -> areChannelsLast(in);
            case Op.Softmax s -> false;
            case Op.LogSoftmax s -> false;
            case Op.Flatten f -> false;
            case Op.Reshape r -> false;
            case Op.Rearrange r -> false;
            default -> !in.isEmpty() && channelsLast.contains(in.getFirst().name());
        };
        if (last) {
            channelsLast.add(node.name());
        }
    }

    boolean areChannelsLast(List<Node> nodes) {
        return nodes.stream().allMatch(node -> channelsLast.contains(node.name()));
    }
}
