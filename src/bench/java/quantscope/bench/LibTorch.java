package quantscope.bench;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import quantscope.graph.Graph;
import quantscope.tensor.FloatTensor;

/** PyTorch's library, operator by operator, as a PyTorch program runs it without a compiler. */
final class LibTorch implements Contender {

    private static final int TRIALS = 5;

    private final String name;
    private final Graph graph;
    private final int threads;
    private final torch.QEngine engine;
    private final TorchPlan.Fp32 fp32;
    private final List<TorchPlan.Step> steps;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Tensor planes;

    private LibTorch(String name, Graph graph, int batch, int threads, torch.QEngine engine, TorchPlan.Fp32 fp32) {
        this.name = name;
        this.graph = graph;
        this.threads = threads;
        this.engine = engine;
        this.fp32 = fp32;
        try (InferenceMode _ = settled()) {
            this.steps = TorchPlan.of(graph, fp32, batch);
            long[] dims = TorchOperator.dims(graph.inputs().getFirst().requireShape());
            dims[0] = batch;
            this.planes = torch.empty(dims);
        }
        steps.forEach(s -> s.inputs().forEach(i -> readers.merge(i, 1, Integer::sum)));
    }

    /** An int8 graph through PyTorch's own quantized kernels. */
    static LibTorch fbgemm(Graph graph, int batch, int threads) {
        return new LibTorch("libtorch fbgemm", graph, batch, threads, torch.QEngine.FBGEMM, TorchPlan.Fp32.CHANNELS_LAST);
    }

    /** An int8 graph through oneDNN. */
    static LibTorch oneDnn(Graph graph, int batch, int threads) {
        return new LibTorch("libtorch oneDNN", graph, batch, threads, torch.QEngine.ONEDNN, TorchPlan.Fp32.CHANNELS_LAST);
    }

    /** An fp32 graph in the layout that runs it fastest. */
    static LibTorch fp32(Graph graph, List<FloatTensor> images, int threads) {
        return Arrays.stream(TorchPlan.Fp32.values()).map(f -> new LibTorch("libtorch "
                        + f.name().toLowerCase(Locale.ROOT).replace('_', ' '), graph, images.size(), threads,
                        torch.QEngine.FBGEMM, f))
                .min(Comparator.comparingLong(t -> t.fastest(images))).orElseThrow();
    }

    private long fastest(List<FloatTensor> images) {
        long fastest = Long.MAX_VALUE;
        for (int trial = 0; trial < TRIALS; trial++) {
            long start = System.nanoTime();
            run(images);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public float[] run(List<FloatTensor> images) {
        return run(images, (step, ms) -> { });
    }

    @Override
    public Map<String, Double> layerMillis(List<FloatTensor> images) {
        Map<String, Double> millis = new LinkedHashMap<>();
        run(images, millis::put);
        return Layers.sums(graph, millis, step -> step);
    }

    /** Threads and engine are the process's, so every run sets them. */
    private InferenceMode settled() {
        torch.set_num_threads(threads);
        torch.globalContext().setQEngine(engine);
        return new InferenceMode(true);
    }

    private float[] run(List<FloatTensor> images, ObjDoubleConsumer<String> watch) {
        try (InferenceMode _ = settled(); PointerScope _ = new PointerScope()) {
            FloatBuffer buffer = planes.createBuffer();
            images.forEach(i -> buffer.put(i.data()));
            Map<String, IValue> values = new HashMap<>();
            values.put(graph.inputs().getFirst().name(), new IValue(fp32 == TorchPlan.Fp32.CHANNELS_LAST
                    ? planes.contiguous(torch.MemoryFormat.ChannelsLast) : planes));
            Map<String, Integer> left = new HashMap<>(readers);
            for (TorchPlan.Step step : steps) {
                long start = System.nanoTime();
                IValue[] arguments = new IValue[step.inputs().size() + step.parameters().length];
                for (int i = 0; i < step.inputs().size(); i++) {
                    arguments[i] = values.get(step.inputs().get(i));
                }
                System.arraycopy(step.parameters(), 0, arguments, step.inputs().size(), step.parameters().length);
                IValue result = step.operator().call(arguments);
                release(step, values, left);
                values.put(step.name(), result);
                watch.accept(step.name(), (System.nanoTime() - start) * 1e-6);
            }
            return floats(values.get(steps.getLast().name()).toTensor());
        }
    }

    /** As a variable that goes out of scope: its memory serves the next operator. */
    private static void release(TorchPlan.Step step, Map<String, IValue> values, Map<String, Integer> left) {
        for (String input : step.inputs()) {
            if (left.merge(input, -1, Integer::sum) == 0) {
                values.remove(input).close();
            }
        }
    }

    private static float[] floats(Tensor answers) {
        FloatBuffer buffer = answers.contiguous().createBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @Override
    public void close() {
        planes.close();
    }
}
