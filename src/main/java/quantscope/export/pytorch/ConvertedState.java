package quantscope.export.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.export.Exportable;
import quantscope.export.pytorch.Safetensors.Tensor;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * The state of the converted network, every tensor by its layer's name: of an int8 layer the levels of its weight with
 * weight_scale and weight_zero_point, its bias, and scale and zero_point of its output; of a QuantStub scale and
 * zero_point; of everything else the fp32 parameters.
 */
final class ConvertedState {

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> modules = new LinkedHashMap<>();

    ConvertedState(Exportable exportable) {
        NetWriter net = new NetWriter(exportable.prepared());
        Map<String, String> layers = new HashMap<>();
        exportable.prepared().graph().nodes().forEach(n -> {
            layers.put(net.module(n.name()), n.name());
            modules.put(n.name(), net.module(n.name()));
        });
        net.weights().forEach((name, value) -> {
            int dot = name.indexOf('.');
            String layer = layers.get(dot < 0 ? name : name.substring(0, dot));
            tensors.put(dot < 0 ? layer : layer + name.substring(dot), Tensor.F32.of(value));
        });
        exportable.calibration().weights().forEach(this::weight);
        exportable.calibration().activations().forEach((layer, a) -> perTensor(layer + ".", a.params()));
    }

    Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Layer -> module of the Net that {@link PyTorchExporter} writes. */
    Map<String, String> modules() {
        return Collections.unmodifiableMap(modules);
    }

    private void weight(String layer, QuantizedTensor weight) {
        tensors.put(layer + ".weight", new Tensor.I8(weight));
        switch (weight.params()) {
            case QuantParams.PerTensor p -> perTensor(layer + ".weight_", p);
            case QuantParams.PerChannel p -> {
                List<Integer> zeroPoints = new ArrayList<>();
                for (int zeroPoint : p.zeroPoints()) {
                    zeroPoints.add(zeroPoint);
                }
                tensors.put(layer + ".weight_scale",
                        Tensor.F32.of(new FloatTensor(Shape.of(p.channels()), p.scales())));
                tensors.put(layer + ".weight_zero_point", new Tensor.I64(zeroPoints, false));
            }
        }
    }

    private void perTensor(String prefix, QuantParams.PerTensor params) {
        tensors.put(prefix + "scale",
                new Tensor.F32(new FloatTensor(Shape.of(1), new float[] {params.scale()}), true));
        tensors.put(prefix + "zero_point", new Tensor.I64(List.of(params.zeroPoint()), true));
    }
}
