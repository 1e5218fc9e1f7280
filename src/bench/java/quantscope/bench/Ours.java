package quantscope.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;
import quantscope.run.Executable;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.run.ThreadTeam;
import quantscope.run.Value;
import quantscope.run.Worker;
import quantscope.tensor.FloatTensor;

/** This program's engine. */
final class Ours implements Contender {

    private static final int TOGETHER = 32;

    private final String name;
    private final Executable executable;
    private final ThreadTeam team;
    private final Worker worker;

    Ours(String name, Graph graph, Kernels kernels, int batch, int threads) {
        this.name = name;
        this.executable = new GraphEngine(kernels).compile(graph);
        this.team = new ThreadTeam(threads);
        this.worker = executable.newWorker(Math.min(batch, TOGETHER), team);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public float[] run(List<FloatTensor> images) {
        int each = executable.graph().node(executable.graph().outputs().getFirst()).requireShape().size();
        float[] answers = new float[images.size() * each];
        for (int from = 0; from < images.size(); from += worker.images()) {
            List<FloatTensor> some = images.subList(from, Math.min(images.size(), from + worker.images()));
            List<FloatTensor> outputs = worker.run(some, Collections.nCopies(some.size(), Tap.NONE));
            for (int i = 0; i < some.size(); i++) {
                System.arraycopy(outputs.get(i).data(), 0, answers, (from + i) * each, each);
            }
        }
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
    public void close() {
        team.close();
    }

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
