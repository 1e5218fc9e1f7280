package quantscope.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;
import quantscope.run.Executable;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Tap;
import quantscope.run.Value;
import quantscope.run.Worker;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** This program's engine. */
final class Ours implements Contender {

    private static final int TOGETHER = 16;

    private final String name;
    private final Executable executable;
    private final int threads;
    private final Worker worker;

    Ours(String name, Graph graph, Kernels kernels, int batch, int threads) {
        this.name = name;
        this.threads = threads;
        this.executable = new GraphEngine(kernels).compile(graph);
        this.worker = executable.newWorker(Math.min(batch, TOGETHER));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public float[] run(List<FloatTensor> images) {
        int each = executable.graph().node(executable.graph().outputs().getFirst()).requireShape().size();
        float[] answers = new float[images.size() * each];
        if (images.size() == 1) {
            return worker.run(images.getFirst(), Tap.NONE).data();
        }
        new ParallelImageRunner(threads).run(executable, ImageRunner.ImageInputs.of(images), images.size(), Set.of(),
                result -> System.arraycopy(result.output().data(), 0, answers, result.index() * each, each),
                Progress.NONE, Cancellation.NEVER);
        return answers;
    }

    @Override
    public Map<String, Double> layerMillis(List<FloatTensor> images) {
        Map<String, Double> millis = new LinkedHashMap<>();
        for (int from = 0; from < images.size(); from += worker.images()) {
            List<FloatTensor> some = images.subList(from, Math.min(images.size(), from + worker.images()));
            worker.run(some, Collections.nCopies(some.size(), new Watch(millis)));
        }
        return Layers.sums(executable.graph(), millis, name -> name);
    }

    @Override
    public void close() { }

    /** Is asked behind every node. */
    private static final class Watch implements Tap {

        private final Map<String, Double> millis;
        private long last = System.nanoTime();

        Watch(Map<String, Double> millis) {
            this.millis = millis;
        }

        @Override
        public boolean wants(String node) {
            long now = System.nanoTime();
            millis.merge(node, (now - last) * 1e-6, Double::sum);
            last = System.nanoTime();
            return false;
        }

        @Override
        public void take(String node, Value value) {
            throw new IllegalStateException("nothing was asked for");
        }
    }
}
