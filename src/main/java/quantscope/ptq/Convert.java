package quantscope.ptq;

import java.util.Map;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.quant.Profile;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;

/**
 * Replaces stubs and int8 layers of a prepared graph by their quantized operators, as eager mode's convert does. All
 * nodes keep their names and places. A ReLU fused behind a convolution, linear layer or add moves into its kernel and
 * leaves an Identity; behind a BatchNorm it stays, where clamping the levels at the zero point gives the same result.
 */
public final class Convert {

    private final Prepared prepared;
    private final Calibration calibration;
    private final Profile profile;

    private Convert(Prepared prepared, Calibration calibration, Profile profile) {
        this.prepared = prepared;
        this.calibration = calibration;
        this.profile = profile;
    }

    /** @throws IllegalArgumentException when the calibration was made for another prepared graph */
    public static Graph run(Prepared prepared, Calibration calibration) {
        return run(prepared, calibration, prepared.specification().profile());
    }

    /** The same for another profile than the specification's. */
    public static Graph run(Prepared prepared, Calibration calibration, Profile profile) {
        return new Convert(prepared, calibration, profile).convert();
    }

    private Graph convert() {
        Graph graph = prepared.graph();
        GraphBuilder builder = new GraphBuilder(graph.name(), profile);
        for (Node node : graph.nodes()) {
            builder.add(node.name(), op(node), node.inputs(), node.origin());
        }
        return builder.build(graph.outputs());
    }

    private Op op(Node node) {
        // A stub that has parameters already is the model file's own.
        if (node.op() instanceof Op.QuantStub stub && stub.params().isEmpty()) {
            return new Op.QuantStub(Optional.of(params(node)));
        }
        if (prepared.precisions().get(node.name()) != Precision.INT8) {
            return node.op();
        }
        return switch (node.op()) {
            case Op.Conv2d c -> new Op.QuantizedConv2d(weight(node), c.bias(), c.geometry(), relu(node), params(node));
            case Op.Linear l -> new Op.QuantizedLinear(weight(node), l.bias(), relu(node), params(node));
            case Op.BatchNorm2d b -> new Op.QuantizedBatchNorm2d(b.weight(), b.bias(), b.mean(), b.variance(), b.eps(),
                    params(node));
            case Op.Add a -> new Op.QuantizedAdd(relu(node), params(node));
            case Op.Mul m -> new Op.QuantizedMul(params(node));
            case Op.Concat c -> new Op.QuantizedConcat(c.axis(), params(node));
            case Op.LeakyRelu l -> new Op.QuantizedLeakyRelu(l.negativeSlope(), params(node));
            case Op.Sigmoid s -> new Op.QuantizedSigmoid(params(node));
            case Op.Relu r when movedIntoKernel(node) -> new Op.Identity();
            default -> node.op();
        };
    }

    private boolean movedIntoKernel(Node relu) {
        String first = prepared.fusedInto().get(relu.name());
        return first != null && !(prepared.graph().node(first).op() instanceof Op.BatchNorm2d);
    }

    private boolean relu(Node first) {
        return prepared.fusedInto().entrySet().stream().filter(e -> e.getValue().equals(first.name()))
                .map(e -> prepared.graph().node(e.getKey()).op()).anyMatch(Op.Relu.class::isInstance);
    }

    private QuantParams.PerTensor params(Node node) {
        return found(node, calibration.activations()).params();
    }

    private QuantizedTensor weight(Node node) {
        return found(node, calibration.weights());
    }

    private static <T> T found(Node node, Map<String, T> map) {
        if (!map.containsKey(node.name())) {
            throw new IllegalArgumentException(node.name() + ": the calibration has nothing for it, only for "
                    + map.keySet() + "; calibrate again");
        }
        return map.get(node.name());
    }
}
