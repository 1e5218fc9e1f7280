package quantscope.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.Prepared;
import quantscope.quant.QuantizedTensor;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Keeps a layer's weight, inputs and outputs, fp32 and converted, over some images: each [images,...]. */
final class CaptureTensors {

    private final Engine engine;
    private final ImageRunner runner;

    CaptureTensors(Engine engine, ImageRunner runner) {
        this.engine = engine;
        this.runner = runner;
    }

    /** By name: weight_fp32, weight_int8, input_fp32, input_converted, output_fp32, output_converted. */
    Map<String, Value> run(CalibrationRun run, Graph converted, String layer, ImageRunner.ImageInputs inputs,
                           int count, Progress progress, Cancellation cancellation) {
        Prepared prepared = run.prepared();
        String first = prepared.firstOfGroup(layer);
        Map<String, Value> captured = new LinkedHashMap<>();
        weight(prepared.graph().node(first)).ifPresent(w -> captured.put("weight_fp32", new Value.Fp32(w)));
        Optional.ofNullable(run.calibration().weights().get(first))
                .ifPresent(w -> captured.put("weight_int8", new Value.Int8(w)));
        Node node = converted.node(first);
        String fp32Output = prepared.comparable().getOrDefault(first, first);
        Graph source = prepared.source();
        if (source.find(fp32Output).isPresent()) {
            Optional<String> fp32Input = source.find(first).filter(n -> !n.inputs().isEmpty())
                    .map(n -> n.inputs().getFirst());
            capture(captured, source, "fp32", fp32Input, fp32Output, inputs, count, progress, cancellation);
        }
        Optional<String> input = node.inputs().isEmpty() ? Optional.empty() : Optional.of(node.inputs().getFirst());
        capture(captured, converted, "converted", input, prepared.valueNode(layer), inputs, count, progress,
                cancellation);
        return captured;
    }

    private void capture(Map<String, Value> captured, Graph graph, String suffix, Optional<String> input,
                         String output, ImageRunner.ImageInputs inputs, int count, Progress progress,
                         Cancellation cancellation) {
        List<Value> ins = new ArrayList<>();
        List<Value> outs = new ArrayList<>();
        Set<String> taps = input.isPresent() && !input.get().equals(output) ? Set.of(input.get(), output)
                : Set.of(output);
        runner.run(engine.compile(graph), inputs, count, taps, result -> {
            input.ifPresent(name -> ins.add(result.taps().get(name)));
            outs.add(result.taps().get(output));
        }, (done, total, what) -> progress.update(done, total, "Capturing"), cancellation);
        if (!ins.isEmpty()) {
            captured.put("input_" + suffix, stack(ins));
        }
        captured.put("output_" + suffix, stack(outs));
    }

    private static Value stack(List<Value> images) {
        Shape one = images.getFirst().shape();
        Shape all = one.with(0, Math.multiplyExact(one.dim(0), images.size()));
        int each = one.size();
        return switch (images.getFirst()) {
            case Value.Fp32 _ -> {
                float[] data = new float[all.size()];
                for (int i = 0; i < images.size(); i++) {
                    System.arraycopy(((Value.Fp32) images.get(i)).tensor().data(), 0, data, i * each, each);
                }
                yield new Value.Fp32(new FloatTensor(all, data));
            }
            case Value.Int8 first -> {
                byte[] levels = new byte[all.size()];
                for (int i = 0; i < images.size(); i++) {
                    System.arraycopy(((Value.Int8) images.get(i)).tensor().levels(), 0, levels, i * each, each);
                }
                yield new Value.Int8(new QuantizedTensor(all, levels, first.tensor().params()));
            }
        };
    }

    private static Optional<FloatTensor> weight(Node node) {
        return switch (node.op()) {
            case Op.Conv2d c -> Optional.of(c.weight());
            case Op.Linear l -> Optional.of(l.weight());
            case Op.BinaryConv2d b -> Optional.of(b.weight());
            case Op.BinaryLinear b -> Optional.of(b.weight());
            default -> Optional.empty();
        };
    }
}
